/** The options of Node, and the script, by which a process of its own runs one of the TypeScript files beside this one. */
export function processScript(name: string): Promise<{ readonly script: string; readonly execArgv: readonly string[] }>
