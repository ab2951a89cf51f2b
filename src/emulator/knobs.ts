/**
 * The knobs of an emulator: the defaults with these overrides.
 *
 * @throws TypeError for an unknown name: with a misspelt knob a test would prove the wrong dialect
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
