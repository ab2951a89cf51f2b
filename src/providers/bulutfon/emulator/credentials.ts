import { createHash } from 'node:crypto'

import type { EmulatedResponse, EmulatedRequest } from '../../../emulator/serve.js'
import type { TokenBook } from '../../../emulator/token-book.js'
import type { AccountName, Company } from './companies.js'
import type { BulutfonKnobs } from './knobs.js'
import { parametersOf, textOf } from './parameters.js'
import { tokenExpired, unauthorized } from './refusals.js'

export interface Credentials {
  /** Whose request it is, or the response that refuses it. */
  authenticate(request: EmulatedRequest): Company | EmulatedResponse
  /** Like `authenticate`, but also accepts the hash of the recording. */
  authenticateRecording(request: EmulatedRequest, uuid: string): Company | EmulatedResponse
  /** Whose live credential a request carries, without using it. */
  accountOf(request: EmulatedRequest): AccountName | null
}

/**
 * The credentials of API requests, all of them parameters: an OAuth access token or the panel's
 * master token as `access_token`, or `email` and `password`. A Bearer header is not documented and
 * is ignored, so that a client using it fails.
 */
export function createCredentials(
  companies: () => Readonly<Record<AccountName, Company>>,
  tokens: () => TokenBook,
  knobs: BulutfonKnobs,
): Credentials {
  const all = () => Object.values(companies())

  function byPassword(request: EmulatedRequest): Company | null {
    const sent = parametersOf(request)
    const [email, password] = [textOf(sent, 'email'), textOf(sent, 'password')]
    return all().find(({ login }) => login.email === email && login.password === password) ?? null
  }

  function authenticate(request: EmulatedRequest): Company | EmulatedResponse {
    const token = tokenOf(request)
    if (token === null) return byPassword(request) ?? unauthorized()
    const company = all().find(({ masterToken }) => masterToken === token)
    if (company) return company
    const row = tokens().present(token)
    // An expired token is reported as expired even when it was revoked, too.
    if (row && tokens().isExpired(row)) return tokenExpired(knobs.expiredStatus)
    return row && tokens().isLive(row) ? companies()[row.account as AccountName] : unauthorized()
  }

  /**
   * sha1 of token and uuid, so that a page can link to a recording without showing the token;
   * compared with every live token.
   */
  function byHash(hash: string, uuid: string): Company | null {
    const opens = (token: string) =>
      createHash('sha1')
        .update(token + uuid)
        .digest('hex') === hash
    const row = tokens().all.find((one) => tokens().isLive(one) && opens(one.accessToken))
    return all().find(({ account, masterToken }) => account === row?.account || opens(masterToken)) ?? null
  }

  function authenticateRecording(request: EmulatedRequest, uuid: string): Company | EmulatedResponse {
    const hash = tokenOf(request)
    return (hash && byHash(hash, uuid)) || authenticate(request)
  }

  function accountOf(request: EmulatedRequest): AccountName | null {
    const token = tokenOf(request)
    if (token === null) return byPassword(request)?.account ?? null
    const row = tokens().find({ access: token })
    if (row && tokens().isLive(row)) return row.account as AccountName
    const uuid = /^\/call-records\/([^/]+)/.exec(request.path)?.[1]
    const company = all().find(({ masterToken }) => masterToken === token) ?? (uuid ? byHash(token, uuid) : null)
    return company?.account ?? null
  }

  return { authenticate, authenticateRecording, accountOf }
}

const tokenOf = (request: EmulatedRequest): string | null => textOf(parametersOf(request), 'access_token')

export const isRefusal = (outcome: Company | EmulatedResponse): outcome is EmulatedResponse => 'status' in outcome
