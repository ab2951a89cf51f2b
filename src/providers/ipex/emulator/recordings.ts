import type { EmulatedResponse } from '../../../emulator/serve.js'
import { byteRange } from '../../../emulator/byte-range.js'
import { silentMp3, silentOgg } from './audio.js'
import { boom } from './boom.js'
import type { EmulatedCallLog } from './call-log.js'
import type { LogRow } from './log-rows.js'
import type { RawResource, Resource } from './resource.js'
import { PAGE_SIZE_CAP } from './calls.js'
import type { Switchboard } from './switchboard.js'

/** Longest audio, seconds: enough for ranges, small enough to stay fast. */
const LONGEST = 300

/** Names of recordings in pages (`files`, without a total), and the audio with ranges. */
export const recordings = (
  logOf: (switchboard: Switchboard) => EmulatedCallLog,
): readonly (Resource | RawResource)[] => [
  {
    path: /\/recordings/,
    keys: ['page', 'pageSize', 'startTime', 'endTime', 'timezone', 'pbxId'],
    answer({ session, query, now }) {
      const page = query.integer('page', 1, 1, Number.MAX_SAFE_INTEGER)
      const pageSize = query.integer('pageSize', 1000, 1, PAGE_SIZE_CAP)
      const { from, until } = query.span(now)
      const names = logOf(session.access.switchboard)
        .rowsBetween(from, until, now)
        .flatMap(({ filename }) => filename ?? [])
      return {
        files: names.slice((page - 1) * pageSize, page * pageSize),
        currentPage: page,
        totalPages: Math.ceil(names.length / pageSize),
      }
    },
  },
  {
    path: /\/recordings\/([^/]+)/,
    keys: ['pbxId'],
    raw({ session, params, request }) {
      const name = params[0] ?? ''
      const row = logOf(session.access.switchboard).rowOfRecording(name.replace(/\.ogg$/, '.mp3'))
      if (!row) return boom(404, 'Recording not found')
      return partOf(audioOf(name, row), request.headers['range'])
    },
  },
]

function audioOf(name: string, { answered, end }: LogRow): { bytes: Buffer; type: string } {
  const seconds = Math.min(LONGEST, (end - (answered ?? end)) / 1000)
  return name.endsWith('.ogg')
    ? { bytes: silentOgg(name, seconds), type: 'audio/ogg' }
    : { bytes: silentMp3(name, seconds), type: 'audio/mpeg' }
}

/** The whole file or one range of it (RFC 9110 §14); several ranges get the whole file. */
function partOf({ bytes, type }: { bytes: Buffer; type: string }, range: string | undefined): EmulatedResponse {
  const headers = { 'content-type': type, 'accept-ranges': 'bytes' }
  const size = bytes.length
  const part = byteRange(range, size)
  if (part === null) return audio(200, headers, bytes)
  if (part === 'unsatisfiable')
    return boom(416, 'Range not satisfiable', { headers: { 'content-range': `bytes */${size}` } })
  const { from, to } = part
  return audio(206, { ...headers, 'content-range': `bytes ${from}-${to - 1}/${size}` }, bytes.subarray(from, to))
}

/** As a stream, because audio is never compressed. */
const audio = (status: number, headers: Record<string, string>, bytes: Buffer): EmulatedResponse => ({
  status,
  headers: { ...headers, 'content-length': String(bytes.length) },
  stream: (async function* () {
    yield bytes
  })(),
})
