/** Exit codes: success; a mistake in configuration or arguments; a defect of this program. */
export const EXIT = { done: 0, fixable: 1, ourFault: 2 } as const
