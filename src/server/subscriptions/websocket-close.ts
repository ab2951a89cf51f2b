import { CloseCode } from 'graphql-ws'

import { AppError } from '../../errors.js'
import type { CloseReason } from './connections.js'

/** A close code (RFC 6455 §7.4) and its reason. */
export type Closing = readonly [code: number, reason: string]

/** Codes of RFC 6455; clients of graphql-ws come back after each of these. */
const GOING_AWAY = 1001
const TRY_AGAIN_LATER = 1013

export const SLOW: Closing = [TRY_AGAIN_LATER, 'Too much was left unread: go on from your cursor']

/**
 * 4401 is final for graphql-ws clients, a key that was revoked will not come back; after 4403 they
 * come back, with a new token.
 */
export const CLOSINGS: Readonly<Record<CloseReason, Closing>> = {
  revoked: [CloseCode.Unauthorized, 'Unauthorized: the key was revoked'],
  expired: [CloseCode.Forbidden, 'Forbidden: the token has expired'],
  stopping: [GOING_AWAY, 'Going away'],
}

const FORM_OF_TOKEN = /^Bearer +[\w-]+\.[\w-]+\.[\w-]+$/i

/** How a client is refused whose caller could not be found. */
export function refusalOf(error: unknown, authorization: string | undefined): Closing {
  const code = error instanceof AppError ? error.code : null
  if (code === 'RATE_LIMITED' || code === 'SERVICE_UNAVAILABLE') return [TRY_AGAIN_LATER, 'Try again later']
  if (code === 'FORBIDDEN') return [CloseCode.Forbidden, 'Forbidden']
  if (code !== 'UNAUTHENTICATED') return [CloseCode.InternalServerError, 'Internal server error']
  // Another token may do; another attempt with the same key will not.
  return FORM_OF_TOKEN.test(authorization ?? '')
    ? [CloseCode.Forbidden, 'Forbidden: the token is not valid, or has expired']
    : [CloseCode.Unauthorized, 'Unauthorized']
}
