/**
 * How modules of providers are found, in the terms of Node's `resolve` hook. It runs in a thread of its
 * own on older versions of Node, so it imports nothing.
 */

/** `dialgraph`, `dialgraph/provider` and `dialgraph/testing`, each with the file it is here. */
let entries: Readonly<Record<string, string>> = {}

/** Begins a specifier that says by whom it is imported; see `specifierFrom`. */
const FROM = 'dialgraph-provider:'

/** A specifier as if the file of the configuration imported it. */
export const specifierFrom = (specifier: string, parentUrl: string): string =>
  `${FROM}${encodeURIComponent(JSON.stringify([specifier, parentUrl]))}`

interface ResolveContext {
  readonly parentURL?: string
}

/** Called by Node with what `registerModuleHooks` has given. */
export function initialize(given: Readonly<Record<string, string>>): void {
  entries = given
}

/**
 * A provider gets the entries of the server that loads it, wherever it stands: two copies of them would
 * not know each other's errors and secrets.
 */
export function resolve<Result>(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Result,
): Result | { readonly url: string; readonly shortCircuit: true } {
  const url = entries[specifier]
  if (url !== undefined) return { url, shortCircuit: true }
  if (!specifier.startsWith(FROM)) return next(specifier, context)
  const [wanted, parentURL] = JSON.parse(decodeURIComponent(specifier.slice(FROM.length))) as [string, string]
  return next(wanted, { ...context, parentURL })
}
