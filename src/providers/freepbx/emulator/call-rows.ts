import type { Office, StoryCall, StoryRing, StoryStep } from '../../../emulator/story.js'
import { wallClock } from './wall-clock.js'

/** A row of the table `cdr`; times in ms, texts empty where there is nothing. */
export interface CallRow {
  readonly uniqueid: string
  readonly linkedid: string
  readonly sequence: number
  readonly start: number
  /** Null: nobody and nothing answered. */
  readonly answer: number | null
  readonly end: number
  readonly disposition: string
  readonly src: string
  readonly cnum: string
  readonly clid: string
  readonly outbound_cnum: string
  readonly outbound_cnam: string
  readonly dst: string
  readonly dst_cnam: string
  readonly dcontext: string
  readonly did: string
  readonly channel: string
  readonly dstchannel: string
  readonly lastapp: string
  readonly lastdata: string
  readonly recordingfile: string
}

/** What an Asterisk counts: channels since its start, and rows. */
export interface Counters {
  channel: number
  row: number
}

type Part = Pick<CallRow, 'start' | 'answer' | 'end' | 'dst' | 'dcontext' | 'dstchannel' | 'lastapp' | 'disposition'> &
  Partial<CallRow>

/** As it is dialled in Turkey, and as its trunks show it. */
export const dialled = (e164: string): string => (e164.startsWith('+90') ? `0${e164.slice(3)}` : `00${e164.slice(1)}`)

/** As an inbound route has it. */
export const didDigits = (e164: string): string => e164.slice(1)

/**
 * The rows of one call as an Asterisk writes them, in the order of their channels: one for each phone
 * that rang, all on the caller's channel; for the agent of a queue a second one on a channel of its
 * own; for what the switchboard did itself one without a second channel. A transfer replaces what had
 * been dialled in the row before it.
 */
export function rowsOf(call: StoryCall, office: Office, counters: Counters, zone: string): CallRow[] {
  const linkedid = channelId(call.startedAt, counters)
  const parts = call.direction === 'out' ? [outgoing(call, office)] : incoming(call, office, counters)
  const base = baseOf(call, office, counters)
  const recorded = call.recording === 'yes' ? parts.find(({ disposition }) => disposition === 'ANSWERED') : undefined
  return parts.map((part): CallRow => ({
    uniqueid: linkedid,
    linkedid,
    sequence: (counters.row += 1),
    ...base,
    ...part,
    recordingfile: part === recorded ? recordingOf(call, base.src, linkedid, zone) : '',
  }))
}

const channelId = (time: number, counters: Counters): string => `${Math.floor(time / 1000)}.${(counters.channel += 1)}`

const hex = (number: number): string => number.toString(16).padStart(8, '0')

function baseOf(call: StoryCall, office: Office, counters: Counters) {
  const own = office.extensions.find(({ id }) => id === call.from)
  const outside = call.outside === null ? '' : dialled(call.outside)
  const number = call.direction === 'in' ? outside : (own?.number ?? '')
  const ownName = own?.person ? `${own.person.firstName} ${own.person.lastName}` : `Oda ${own?.number ?? ''}`
  const name = call.direction === 'in' ? (call.outsideName ?? number) : ownName
  const shown = call.direction === 'out' && call.did ? didDigits(call.did) : ''
  return {
    src: number,
    cnum: number,
    clid: `"${name}" <${number}>`,
    outbound_cnum: shown,
    outbound_cnam: shown ? office.label : '',
    dst_cnam: '',
    did: call.direction === 'in' && call.did ? didDigits(call.did) : '',
    channel: `PJSIP/${call.direction === 'in' ? 'hat-ankara' : number}-${hex(counters.channel)}`,
    lastdata: '',
    recordingfile: '',
  }
}

const recordingOf = (call: StoryCall, src: string, uniqueid: string, zone: string): string => {
  const [day = '', time = ''] = wallClock(zone, call.startedAt).split(' ')
  const way = { in: 'external', out: 'out', local: 'internal' }[call.direction]
  return `${way}-${src || 'unknown'}-${day.replaceAll('-', '')}-${time.replaceAll(':', '')}-${uniqueid}.wav`
}

function outgoing(call: StoryCall, office: Office): Part {
  const { startedAt: start, endedAt: end } = call
  const answered = call.outcome === 'answered'
  return {
    start,
    end,
    answer: answered ? (call.answeredAt ?? start) : null,
    disposition: answered ? 'ANSWERED' : (REFUSALS[call.outcome] ?? 'NO ANSWER'),
    dst: dialled(call.outside ?? ''),
    dcontext: 'from-internal',
    dstchannel: `PJSIP/hat-ankara-${hex(call.id)}`,
    lastapp: call.kind === 'fax' ? 'SendFAX' : 'Dial',
    lastdata: `PJSIP/${dialled(call.outside ?? '')}@hat-${office.name}`,
  }
}

const REFUSALS: Readonly<Record<string, string>> = { busy: 'BUSY', failed: 'FAILED' }

/** A call that came in, or from a colleague: both go through the office. */
function incoming(call: StoryCall, office: Office, counters: Counters): Part[] {
  if (call.kind === 'fax') return [fax(call)]
  const parts: Part[] = []
  // A menu and a queue answer; what follows is billed from its start.
  let byMachine = false
  for (const [index, step] of call.steps.entries()) {
    const before = call.steps[index - 1]
    const isTransfer =
      before !== undefined && 'rings' in before && before.rings.some(({ result }) => result === 'answered')
    if (step.kind === 'menu') byMachine = true
    const isQueue = step.kind === 'group' && office.groups.find(({ id }) => id === step.group)?.kind === 'queue'
    byMachine ||= isQueue
    const context = index === 0 && call.direction === 'in' ? 'from-did-direct' : 'ext-local'
    const made = isQueue
      ? queueParts(step, office, counters)
      : dialParts(step, office, context, byMachine || isTransfer, counters)
    const to = isTransfer ? made[0] : undefined
    for (const [at, part] of parts.entries()) {
      const isTalk = part.disposition === 'ANSWERED' && part.uniqueid === undefined
      if (to && isTalk && part.end <= step.at) parts[at] = { ...part, dst: to.dst, dcontext: to.dcontext }
    }
    parts.push(...made)
  }
  return [...parts, ...lastStep(call, office, parts, byMachine)]
}

function fax({ startedAt: start, endedAt: end, answeredAt, outcome }: StoryCall): Part {
  const arrived = outcome === 'answered'
  return {
    ...{ start, end, answer: arrived ? (answeredAt ?? start) : null, disposition: arrived ? 'ANSWERED' : 'FAILED' },
    ...{ dst: 's', dcontext: 'ext-fax', dstchannel: '', lastapp: 'ReceiveFAX' },
  }
}

function dialParts(step: StoryStep, office: Office, context: string, billed: boolean, counters: Counters): Part[] {
  if (step.kind === 'menu') return []
  if (step.kind === 'forward') return [forwarded(step, counters)]
  const group = step.kind === 'group' ? office.groups.find(({ id }) => id === step.group) : undefined
  return step.rings.map((ring) => ({
    ...timesOf(ring, billed),
    dst: group?.number ?? numberOf(office, ring.extension),
    dcontext: group ? 'ext-group' : context,
    dstchannel: `PJSIP/${numberOf(office, ring.extension)}-${hex((counters.channel += 1))}`,
    lastapp: 'Dial',
  }))
}

function forwarded(step: Extract<StoryStep, { kind: 'forward' }>, counters: Counters): Part {
  return {
    start: step.at,
    answer: step.answered ? step.at : null,
    end: step.until,
    disposition: step.answered ? 'ANSWERED' : 'NO ANSWER',
    dst: dialled(step.to),
    dcontext: 'from-internal',
    dstchannel: `PJSIP/hat-ankara-${hex((counters.channel += 1))}`,
    lastapp: 'Dial',
  }
}

/** The caller's channel reaches each agent through a local channel, which has a row of its own. */
function queueParts(step: StoryStep, office: Office, counters: Counters): Part[] {
  if (step.kind !== 'group') return []
  const queue = office.groups.find(({ id }) => id === step.group)!
  return step.rings.flatMap((ring): Part[] => {
    const number = numberOf(office, ring.extension)
    const local = `Local/${number}@from-queue-${hex((counters.channel += 1))}`
    const inner = {
      ...timesOf(ring, false),
      uniqueid: channelId(ring.from, counters),
      ...{ dst: number, dcontext: 'from-queue', channel: `${local};2`, lastapp: 'Dial' },
      dstchannel: `PJSIP/${number}-${hex((counters.channel += 1))}`,
    }
    const outer = {
      ...timesOf(ring, true),
      disposition: ring.result === 'answered' ? 'ANSWERED' : 'NO ANSWER',
      ...{ dst: queue.number, dcontext: 'ext-queues', dstchannel: `${local};1`, lastapp: 'Queue' },
      lastdata: `${queue.number},t,,,30`,
    }
    return [outer, inner]
  })
}

/** `billed`: the caller's channel had been answered before, so its row begins as answered. */
function timesOf(ring: StoryRing, billed: boolean): Pick<Part, 'start' | 'answer' | 'end' | 'disposition'> {
  const disposition = DISPOSITION[ring.result]
  return { start: ring.from, answer: billed ? ring.from : ring.answeredAt, end: ring.until, disposition }
}

const DISPOSITION: Readonly<Record<StoryRing['result'], string>> = {
  answered: 'ANSWERED',
  elsewhere: 'NO ANSWER',
  'no answer': 'NO ANSWER',
  rejected: 'NO ANSWER',
  busy: 'BUSY',
}

const numberOf = (office: Office, extension: number): string =>
  office.extensions.find(({ id }) => id === extension)?.number ?? ''

/** What the switchboard did after the last phone: a mailbox, a menu nobody left, an announcement. */
function lastStep(call: StoryCall, office: Office, parts: readonly Part[], byMachine: boolean): Part[] {
  const last = call.steps.at(-1)
  const start = parts.at(-1)?.end ?? last?.at ?? call.startedAt
  const machine = { start, answer: start, end: Math.max(start, call.endedAt), disposition: 'ANSWERED', dstchannel: '' }
  if (call.outcome === 'voicemail') {
    const box = last?.kind === 'extension' ? last.extension : office.extensions[0]!.id
    return [{ ...machine, dst: `vmu${numberOf(office, box)}`, dcontext: 'ext-local', lastapp: 'VoiceMail' }]
  }
  if (call.outcome === 'answered' && parts.length > 0) return []
  if (last?.kind === 'menu') {
    return [
      { ...machine, start: last.at, answer: last.at, dst: 's', dcontext: `ivr-${last.menu}`, lastapp: 'BackGround' },
    ]
  }
  if (parts.length > 0) {
    const step = { ...machine, dst: parts.at(-1)!.dst, dcontext: parts.at(-1)!.dcontext, lastapp: 'Hangup' }
    return byMachine ? [{ ...step, end: start }] : []
  }
  return [{ ...machine, dst: 's', dcontext: 'app-announcement-1', lastapp: 'Playback' }]
}
