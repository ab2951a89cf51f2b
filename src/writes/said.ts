/** What an input says: its fields that are present, without those that say where and how often. */
export function saidIn<Input extends object>(input: Input): Partial<Input> {
  const entries = Object.entries(input).filter(([name, value]) => value !== undefined && !NOT_SAID.has(name))
  return Object.fromEntries(entries) as Partial<Input>
}

const NOT_SAID: ReadonlySet<string> = new Set(['id', 'accountId', 'idempotencyKey'])

/** Coordinates of the input fields that are present, with their paths; those of inputs within an input, too. */
export function saidFields(
  inputType: string,
  said: object,
): { readonly coordinate: string; readonly path: string[] }[] {
  return Object.entries(said).flatMap(([name, value]) => {
    const field = { coordinate: `${inputType}.${name}`, path: [name] }
    const within = name === 'forwarding' && Array.isArray(value) ? (value as object[]) : []
    return [
      field,
      ...within.flatMap((rule, at) =>
        saidFields('ForwardingRuleInput', withoutNulls(rule)).map(({ coordinate, path }) => ({
          coordinate,
          path: [name, String(at), ...path],
        })),
      ),
    ]
  })
}

/** The same where null says no more than that a field is absent. */
export const withoutNulls = <Input extends object>(input: Input): Input =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as Input

/** JSON in which the order of keys says nothing; what is absent is left out. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
