import { ProviderError } from '../errors.js'
import { describeRequest } from '../http/describe-request.js'
import { kindOfText } from '../http/account/reply.js'
import type { HttpRequest, HttpResponse } from '../http/http.js'
import type { StoredGrant } from '../store/token-store.js'
import type { CurrentToken } from './current-token.js'
import type { HeldToken, LoginParts } from './login-parts.js'

/**
 * A credential that rides on every request itself (a static token, a password on every call): no
 * endpoint can refuse it, only the API can. Once refused it is kept off all requests but one now and
 * then, in all replicas together, so that no account gets locked by it.
 */
export class RidingCredential {
  constructor(
    private readonly login: LoginParts,
    private readonly current: CurrentToken,
  ) {}

  /**
   * The credential for the one request that looks again.
   * @throws `error`, where it is not time, or another request looks
   */
  async look(error: unknown): Promise<HeldToken> {
    const { flow, services } = this.login
    const row = await this.login.storedRow()
    const claimed = row && !row.accessToken ? await this.current.failures.claimLook(row) : null
    if (!claimed) throw error
    const { accessToken } = await flow.acquire!(() => Promise.reject(new Error('no endpoint is asked')), null)
    return { row: claimed, accessToken, receivedAt: services.clock.monotonic(), margin: 0, proof: { accepted: false } }
  }

  /**
   * The API has refused it: in its own words for hours, by a page on the way for seconds.
   * @throws ReauthorizationRequired or ProviderError, always but where another process has recovered
   */
  async refused(response: HttpResponse, request: HttpRequest): Promise<null> {
    const { failures } = this.current
    const row = await this.login.storedRow()
    this.current.drop()
    if (this.login.flow.rides!.isOwnWord(response)) {
      if (row && isSuspended(row) && row.status !== 'BACKOFF') failures.stillFails(row.lastError!)
      await failures.end(row, 'CREDENTIALS_REJECTED', 'refused')
      return null
    }
    const error = new ProviderError(
      'PROVIDER_BAD_RESPONSE',
      `${describeRequest(request)} answered ${response.status}, but not in the words of this API`,
      { reason: kindOfText(response.body) },
    )
    if (row && isSuspended(row)) throw error
    return failures.note(row && { ...row, accessToken: null }, error, 'refused', false)
  }

  /** The request that looked again was answered: the credential is good. */
  async accepted({ row, accessToken }: HeldToken): Promise<void> {
    if (!isSuspended(row)) return
    await this.current.failures.recovered(row, accessToken)
    await this.current.stored()
  }
}

const isSuspended = ({ lastError, accessToken }: StoredGrant): boolean => lastError !== null && accessToken === null
