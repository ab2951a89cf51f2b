import { globalId, parseGlobalId } from '../../model/id.js'
import type { LogPosition } from './order.js'

/** A position as it stands in a cursor; empty for null. */
export type PrintedPosition = readonly [] | readonly [moment: string, account: string, id: string]

/**
 * The provider's own id behind a `=`: half as long as the global id, which repeats the account key.
 */
export function printPosition(position: LogPosition | null): PrintedPosition {
  if (!position) return []
  const { startedAt, account, id } = position
  const parsed = parseGlobalId(id)
  const isOwn = parsed?.type === 'CallRecord' && parsed.account === account
  return [printMoment(startedAt), account, isOwn ? `=${parsed.native}` : id]
}

export function parsePosition([moment, account = '', id = '']: PrintedPosition): LogPosition | null {
  if (moment === undefined) return null
  return {
    startedAt: parseMoment(moment) as string,
    account,
    id: id.startsWith('=') ? globalId('CallRecord', account, id.slice(1)) : id,
  }
}

export const printMoment = (time: string | null) => (time === null ? '' : Date.parse(time).toString(36))
export const parseMoment = (text: string) => (text === '' ? null : new Date(Number.parseInt(text, 36)).toISOString())
