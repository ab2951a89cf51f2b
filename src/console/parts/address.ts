import { useSearchParams } from 'wouter'

/** What the address says of a view, and how to say it otherwise. */
export interface Address {
  readonly parameters: URLSearchParams
  get(name: string): string
  /** What is empty is left out of it. */
  change(values: Readonly<Partial<Record<string, string>>>): void
}

/** `isStep`: each change is one that the browser's button goes back from. */
export function useAddress({ isStep = false } = {}): Address {
  const [parameters, setParameters] = useSearchParams()
  return {
    parameters,
    get: (name) => parameters.get(name) ?? '',
    change: (values) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before)
          for (const [name, value] of Object.entries(values)) {
            if (value) after.set(name, value)
            else after.delete(name)
          }
          return after
        },
        { replace: !isStep },
      ),
  }
}
