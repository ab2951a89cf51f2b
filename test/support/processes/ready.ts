/** What a process of logins says of when it can open some, instead of the number of one. */
export const READY = -1
