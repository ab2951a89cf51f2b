/** What the process ends with: all went well, the user can fix it (configuration, arguments), the fault is ours. */
export const EXIT = { done: 0, fixable: 1, ourFault: 2 } as const
