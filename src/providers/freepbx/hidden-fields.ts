import { ProviderError } from '../../provider.js'

/** How long a field that was there may be away, as while its module is upgraded; ms. */
const UPGRADE_MS = 10 * 60_000

/**
 * The fields of one account that its schema did not have when last asked. A scope that is missing and
 * a module that is being upgraded look alike; what was there before is taken for the second for ten
 * minutes, and what was read of it stands so long.
 */
export class HiddenFields {
  readonly #seen = new Set<string>()
  /** Since when, ms. */
  readonly #missing = new Map<string, number>()

  /** It has answered. */
  seen(field: string): void {
    this.#seen.add(field)
    this.#missing.delete(field)
  }

  /** The failure of a field that is not there, at this moment (ISO). */
  failure(field: string, at: string): ProviderError {
    const now = Date.parse(at)
    const since = this.#missing.get(field) ?? now
    this.#missing.set(field, since)
    if (this.#seen.has(field) && now - since < UPGRADE_MS) {
      return new ProviderError('PROVIDER_UNAVAILABLE', `${field} is away, as while its module is upgraded`, {
        reason: 'FIELD_AWAY',
      })
    }
    this.#seen.delete(field)
    return new ProviderError(
      'PROVIDER_FORBIDDEN',
      `This login has no ${field}: its scopes do not open it, or the module is not installed. See "Scopes" of the provider's page.`,
      { reason: 'FIELD_HIDDEN' },
    )
  }
}
