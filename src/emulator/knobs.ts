/**
 * The switches an emulator was started with, over its defaults. A name it does not know throws: a misspelt knob would
 * otherwise leave a test proving the wrong dialect.
 */
export function readKnobs<Knobs extends object>(
  provider: string,
  defaults: Knobs,
  overrides: Readonly<Record<string, unknown>> = {},
): Readonly<Knobs> {
  const unknown = Object.keys(overrides).filter((name) => !(name in defaults))
  if (unknown.length > 0) {
    throw new TypeError(
      `The ${provider} emulator has no knob ${unknown.join(', ')}; it has ${Object.keys(defaults).join(', ')}`,
    )
  }
  return { ...defaults, ...overrides }
}
