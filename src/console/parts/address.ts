import { useSearchParams } from 'wouter'

/** What the address says of a view, and how to say it otherwise; an empty text is left out of it. */
export function useAddress(): { get(name: string): string; set(name: string, value: string): void } {
  const [parameters, setParameters] = useSearchParams()
  return {
    get: (name) => parameters.get(name) ?? '',
    set: (name, value) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before)
          if (value === '') after.delete(name)
          else after.set(name, value)
          return after
        },
        { replace: true },
      ),
  }
}
