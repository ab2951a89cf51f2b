/** Exit codes: success; a mistake in configuration or arguments; a defect of this program; a file that was written, with gaps. */
export const EXIT = { done: 0, fixable: 1, ourFault: 2, incomplete: 3 } as const
