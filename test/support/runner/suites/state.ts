/** What a module of ours may hold, such as a cache. */
export const remembered: string[] = []
