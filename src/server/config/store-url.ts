import { dirname, resolve } from 'node:path'

const DEFAULT_STORE = './dialgraph.db'

/**
 * Paths are relative to the file. Default: a file beside it, or memory for a configuration made in
 * memory.
 */
export function storeUrl(url: string | undefined, file: string | null): string {
  const directory = file === null ? process.cwd() : dirname(file)
  if (url === undefined) return file === null ? 'memory:' : `sqlite:${resolve(directory, DEFAULT_STORE)}`
  return url.startsWith('sqlite:') ? `sqlite:${resolve(directory, url.slice('sqlite:'.length))}` : url
}

/** Whether the store encrypts its secrets. */
export const isSealed = (url: string): boolean => /^(sqlite|postgres)/.test(url)
