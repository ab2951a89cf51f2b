import type { CallRow } from '../../../src/providers/freepbx/emulator/call-rows.js'

/** One row as the tables of a real Asterisk are written down: everything relative to the first row, seconds. */
export type Told = readonly [
  sequence: number,
  channel: number,
  src: string,
  dst: string,
  channelName: string,
  dstchannel: string,
  app: string,
  start: number,
  answer: number | null,
  end: number,
  disposition: string,
  more?: Partial<CallRow>,
]

/** Wednesday, 11 February 2026, 11:00 in Ankara. */
export const BEGAN = Date.UTC(2026, 1, 11, 8)

const CHANNELS: Readonly<Record<string, string>> = {
  trunk: 'PJSIP/hat-ankara-00000001',
  out: 'PJSIP/hat-ankara-00000009',
  '': '',
}

/** `100` is the channel of that phone; `L100;1` one half of a local channel to it. */
function channelNamed(name: string): string {
  const known = CHANNELS[name]
  if (known !== undefined) return known
  const [, line, half] = /^L(\d+);([12])$/.exec(name) ?? []
  return line === undefined
    ? `PJSIP/${name}-0000000${name.slice(-1)}`
    : `Local/${line}@from-queue-0000000${line.slice(-1)};${half}`
}

/** The rows of one call from outside to a number of ours, unless `more` says otherwise. */
export function told(rows: readonly Told[], more: Partial<CallRow> = {}): CallRow[] {
  const second = BEGAN / 1000
  return rows.map(([sequence, channel, src, dst, name, dstchannel, lastapp, start, answer, end, disposition, own]) => ({
    uniqueid: `${second + Math.floor(start)}.${900 + channel}`.replace(/^\d+(?=\.900$)/, String(second)),
    linkedid: `${second}.900`,
    sequence: 4000 + sequence,
    start: BEGAN + start * 1000,
    answer: answer === null ? null : BEGAN + answer * 1000,
    end: BEGAN + end * 1000,
    disposition,
    src,
    cnum: src,
    clid: src === '' ? '' : `"Deniz Kaya" <${src}>`,
    ...{ outbound_cnum: '', outbound_cnam: '', dst_cnam: '', lastdata: '', recordingfile: '' },
    dst,
    dcontext: 'from-internal',
    did: '903120000061',
    channel: channelNamed(name),
    dstchannel: channelNamed(dstchannel),
    lastapp,
    ...more,
    ...own,
  }))
}
