import { AppError } from '../../../src/errors.js'
import { Operation } from '../../../src/operation.js'
import type { ConnectedAccount } from '../../../src/providers/account.js'

/** The server's deadline of one operation. */
const OPERATION_MS = 8_000

let operations = 0

/** Queries an account; `ok`, or code and reason of the error. */
export async function query(account: ConnectedAccount, timeoutMs = OPERATION_MS): Promise<string> {
  const source = account.source(
    new Operation({ requestId: String(++operations), signal: AbortSignal.timeout(timeoutMs) }),
  )
  try {
    if (source.dids || !source.groups) await source.profile()
    else for await (const _ of source.groups.pages({})) break
    return 'ok'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [error.code, error.details['reason']].filter(Boolean).join(' ')
  }
}
