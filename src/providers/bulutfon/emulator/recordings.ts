import type { EmulatedResponse, EmulatedRequest, Route } from '../../../emulator/serve.js'
import type { Company } from './companies.js'
import type { Gate } from './gate.js'
import type { BulutfonKnobs } from './knobs.js'
import { byteRange } from '../../../emulator/byte-range.js'
import { secondsFor, silentOgg, type OggFile } from '../../../emulator/ogg.js'
import { notFound } from './refusals.js'

/**
 * `/call-records/:uuid` (download) and `/call-records/:uuid/stream`; neither has a `.json` form.
 */
export function recordingRoutes({ guardRecording }: Gate, knobs: BulutfonKnobs): Route[] {
  const served = (disposition: 'attachment' | 'inline') => (request: EmulatedRequest, company: Company) => {
    const uuid = request.params[0] ?? ''
    const call = company.calls.find(uuid)
    if (call?.recording !== 'yes') return notFound()
    const talked = (call.endedAt - (call.answeredAt ?? call.endedAt)) / 1000
    const file = silentOgg(uuid, Math.max(talked, secondsFor(knobs.recordingBytes)))
    return send(file, request, knobs.ranges, {
      'content-type': 'audio/ogg',
      'content-disposition': disposition === 'inline' ? 'inline' : `attachment; filename="${uuid}.ogg"`,
    })
  }
  return [
    { method: 'GET', pattern: /\/call-records\/([^/]+?)\/?/, handle: guardRecording(served('attachment')) },
    { method: 'GET', pattern: /\/call-records\/([^/]+)\/stream\/?/, handle: guardRecording(served('inline')) },
  ]
}

/** The whole file or one range of it (RFC 9110 §14); several ranges get the whole file. */
function send(
  file: OggFile,
  { headers }: EmulatedRequest,
  ranges: boolean,
  facts: Record<string, string>,
): EmulatedResponse {
  const known: Record<string, string> = ranges ? { ...facts, 'accept-ranges': 'bytes' } : facts
  const part = ranges ? byteRange(headers['range'], file.length) : null
  if (part === 'unsatisfiable')
    return { status: 416, headers: { ...known, 'content-range': `bytes */${file.length}` }, body: '' }
  const { from, to } = part ?? { from: 0, to: file.length }
  return {
    status: part ? 206 : 200,
    headers: {
      ...known,
      'content-length': String(to - from),
      ...(part && { 'content-range': `bytes ${from}-${to - 1}/${file.length}` }),
    },
    stream: file.read(from, to),
  }
}
