// @ts-check
import { createAgenda, createLiveOffice, createRandom, createWebhookSender } from 'dialgraph/testing'

/** @typedef {import('dialgraph/testing').StoryCall} StoryCall */

/** What happens in a call, as Parley calls it; of the rest it says nothing. @type {Readonly<Record<string, string>>} */
const EVENTS = { started: 'began', ringing: 'rings', answered: 'answered', transferred: 'moved', ended: 'over' }

/**
 * The switchboard of one customer.
 *
 * @param {{ office: import('dialgraph/testing').Office, seed: number }} seeded
 * @param {{ clock: () => import('dialgraph/testing').EmulatorClock, pageSize: number }} parts
 */
export function createOffice({ office, seed }, { clock, pageSize }) {
  /** @param {number} id */
  const lineOf = (id) => office.extensions.find((one) => one.id === id)?.number ?? null
  const wallClock = new Intl.DateTimeFormat('sv-SE', {
    timeZone: office.timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  /** As the wall clock of the office shows it. @param {number} at */
  const local = (at) => wallClock.format(at)
  const numbers = office.dids.map(({ id, number, state, destination }) => ({
    id,
    number,
    state: state === 'active' ? 'live' : state === 'pending' || state === 'porting' ? 'ordered' : 'gone',
    route:
      destination?.kind === 'extension' || destination?.kind === 'group'
        ? { kind: destination.kind === 'group' ? 'team' : 'phone', id: destination.id }
        : null,
  }))
  const phones = office.extensions.map(({ id, number, person, registered, callerId, voicemail, forwarding }) => ({
    id,
    number,
    person: person && `${person.firstName} ${person.lastName}`,
    mail: /** @type {unknown} */ (person?.email ?? null),
    online: registered,
    settings: { shows: callerId, voicemail, forward: forwarding?.to.number ?? null },
  }))
  const teams = office.groups.map(({ id, number, name, timeoutSeconds, members }) => ({
    ...{ id, number, title: name, seconds: timeoutSeconds, members },
  }))
  const calls = office.calls.map((call) => wireCall(call, call.id))

  /** @param {StoryCall} call @param {number} id */
  function wireCall(call, id) {
    const { direction, outside, did, from, to, startedAt, answeredAt, endedAt, recording } = call
    const ring = call.steps
      .flatMap((step) => ('rings' in step ? step.rings : []))
      .find((one) => one.answeredAt !== null)
    const phone = from ?? ring?.extension ?? null
    return {
      id,
      at: startedAt,
      end: endedAt,
      way: direction === 'local' ? 'inside' : direction,
      from: direction === 'in' ? outside : from === null ? null : lineOf(from),
      to: direction === 'in' ? did : direction === 'out' ? outside : to === null ? null : lineOf(to),
      number: did,
      began: local(startedAt),
      answered: answeredAt === null ? null : local(answeredAt),
      over: local(endedAt),
      result:
        answeredAt !== null
          ? 'answered'
          : call.outcome === 'busy'
            ? 'busy'
            : call.outcome === 'failed'
              ? 'failed'
              : 'missed',
      tape: recording === 'yes' ? `tape-${id}` : null,
      phone: phone === null ? null : lineOf(phone),
    }
  }

  const agenda = createAgenda({
    now: () => clock().now(),
    get isRunning() {
      return clock().isRunning
    },
  })
  const sender = createWebhookSender({ now: () => clock().now() }, agenda)
  /** @type {import('dialgraph/testing').Webhook | null} */
  let hook = null
  let written = 5_000_000
  const live = createLiveOffice({
    office,
    clock: /** @type {import('dialgraph/testing').EmulatorClock} */ ({
      now: () => clock().now(),
      advance: (/** @type {number} */ milliseconds) => clock().advance(milliseconds),
    }),
    agenda,
    sender,
    random: () => createRandom(seed).fork('parley'),
    ...{ recordDelayMs: 1000, slowRecords: null, settleDelayMs: 0 },
    begin: ({ id }) => String(id),
    async onMoment({ id, told }, { kind, at, ring }) {
      const event = EVENTS[kind]
      if (!event || !hook) return
      const { way, from, to } = wireCall({ ...told, endedAt: at }, Number(id))
      const phone = ring ? lineOf(ring.extension) : null
      await sender.post(hook, false, {
        call: id,
        isLast: kind === 'ended',
        values: { event, call: id, at, way, from, to, phone },
      })
    },
    record: (call, id) => void calls.push(wireCall(call, Number(id))),
    settle: () => {},
    deliverTo: (given) => void (hook = given),
  })

  return {
    profile: {
      company: office.label,
      mail: 'office@example.com',
      since: '2024-01-05 08:00:00',
      credit: '118.40',
      currency: 'EUR',
    },
    numbers,
    phones,
    teams,
    live,
    run: () => agenda.run(),
    reset() {
      agenda.clear()
      live.reset()
      sender.reset()
    },
    /** @template Item @param {readonly Item[]} all @param {URLSearchParams} query */
    paged(all, query) {
      const page = Number(query.get('page') ?? 1)
      const end = page * pageSize
      return { items: all.slice(end - pageSize, end), total: all.length, next: end < all.length ? page + 1 : null }
    },
    /** @param {URLSearchParams} query */
    logged(query) {
      const [from, to, way, before] = ['from', 'to', 'way', 'before'].map((name) => query.get(name))
      const sign = query.get('sort') === 'oldest' ? 1 : -1
      const shown = calls
        .filter(({ at }) => (!from || at >= Date.parse(from)) && (!to || at < Date.parse(to)))
        .filter((call) => !way || call.way === way)
        .sort((a, b) => sign * (a.at - b.at || a.id - b.id))
      const start = before ? shown.findIndex(({ id }) => String(id) === before) + 1 : 0
      const size = Math.min(Number(query.get('size') ?? 50), 100)
      const items = shown.slice(start, start + size).map(({ at: _, end: __, ...call }) => call)
      return { items, more: start + size < shown.length }
    },
    /** @param {string} id */
    callOf(id) {
      const found = calls.find((call) => String(call.id) === id)
      return found ? { ...found, at: undefined, end: undefined } : null
    },
    /** @param {string} name */
    hasTape: (name) => calls.some(({ tape }) => tape === name),
    current: () =>
      live.calls.map(({ id, told }) => {
        const { way, from, to, began } = wireCall({ ...told, endedAt: told.startedAt }, Number(id))
        return { call: id, way, from, to, began, state: told.answeredAt === null ? 'rings' : 'talks' }
      }),
    /** @param {{ number: string, person: string | null, mail: unknown }} told */
    add({ number, person, mail }) {
      const settings = { shows: null, voicemail: false, forward: null }
      const phone = { id: (written += 1), number, person, mail: mail ?? null, online: false, settings }
      phones.unshift(phone)
      return phone
    },
    /** A call that has just been missed is written. */
    write() {
      const at = Math.floor(clock().now() / 1000) * 1000
      const last = /** @type {StoryCall} */ (office.calls.at(-1))
      const missed = { ...last, steps: [], outcome: /** @type {const} */ ('missed'), answeredAt: null }
      calls.push(wireCall({ ...missed, recording: 'no', startedAt: at - 60_000, endedAt: at - 40_000 }, (written += 1)))
    },
    contents: () => ({
      dids: numbers.map(({ id, number }) => ({ id: String(id), number })),
      extensions: phones.map(({ id, number }) => ({ id: String(id), number })),
      groups: teams.map(({ id, title }) => ({ id: String(id), name: title })),
      calls: calls.map(({ id, at, end }) => ({ id: String(id), startedAt: at, endedAt: end })),
    }),
  }
}
