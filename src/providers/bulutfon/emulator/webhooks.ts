import type { LiveCall, LiveMoment } from '../../../emulator/live/live.js'
import type { WebhookSender } from '../../../emulator/live/webhook-sender.js'
import type { Office } from '../../../emulator/story.js'
import { callFlowOf } from './call-flow.js'
import type { LoggedCall } from './call-log.js'
import { extensionNumber, isMissed, partiesOf, time, toCdr } from './call-wire.js'
import type { BulutfonKnobs, BulutfonWebhook } from './knobs.js'

/** What the API was told of a call that it was to start; in every event of that call. */
export interface StartedByApi {
  readonly autodial: true
  readonly additional_data: string | null
  readonly callback_url: string | null
}

export interface CallWebhooksOptions {
  readonly office: Office
  readonly knobs: BulutfonKnobs
  readonly sender: WebhookSender
  /** The API's URL, for the links to the record. */
  readonly url: () => string
  /** Ids of the company, `domain_id` and `account_id`. */
  readonly ids: { readonly domain_id: number; readonly account_id: number }
  readonly startedByApi: (uuid: string) => StartedByApi | null
}

/** The webhooks of one company: each is of one number. */
export interface CallWebhooks {
  deliverTo(webhook: BulutfonWebhook | null): void
  /** Posts what has happened, as far as there is an event for it. */
  post(call: LiveCall, moment: LiveMoment): Promise<void>
}

type Values = Readonly<Record<string, unknown>>

export function createCallWebhooks(options: CallWebhooksOptions): CallWebhooks {
  const { office, sender } = options
  let hooks: readonly BulutfonWebhook[] = []
  return {
    deliverTo: (webhook) => void (hooks = webhook ? hooksOf(webhook, office) : []),
    async post({ id, told }, moment) {
      const call: LoggedCall = { ...told, uuid: id }
      // Internal calls have no number of the company, so that no webhook is of them.
      const wanted = hooks.filter(({ did }) => did === told.did)
      await Promise.all(
        wanted.flatMap((hook) => {
          const events = eventsOf(call, moment, hook, options)
          return events.map((values, index) =>
            sender.post(hook, hook.form === 'form', {
              call: id,
              values,
              isLast: moment.kind === 'ended' && index === events.length - 1,
            }),
          )
        }),
      )
    },
  }
}

function hooksOf(webhook: BulutfonWebhook, { dids }: Office): readonly BulutfonWebhook[] {
  if (webhook.did !== undefined) return [webhook]
  return dids.map(({ number }, index): BulutfonWebhook => {
    if (!webhook.varied) return { ...webhook, did: number }
    return {
      form: index % 2 === 0 ? 'json' : 'form',
      spelling: index % 4 < 2 ? 'sample' : 'text',
      copies: index % 3 === 1 ? 2 : 1,
      order: index % 5 === 2 ? 'swapped' : 'kept',
      ...webhook,
      did: number,
    }
  })
}

/** The bodies for one moment; none where Bulutfon says nothing, as of an answer. */
function eventsOf(
  call: LoggedCall,
  { kind, at, step, ring }: LiveMoment,
  hook: BulutfonWebhook,
  options: CallWebhooksOptions,
): Values[] {
  const { office } = options
  const event = (type: string, destination?: number | null) => ({
    ...commonOf(type, call, at, hook, options),
    ...(destination !== undefined && { destination }),
    ...options.startedByApi(call.uuid),
  })
  const words = WORDS[hook.spelling ?? 'sample']
  switch (kind) {
    case 'started':
      return [event(call.kind === 'fax' ? 'fax_init' : 'call_init')]
    case 'menu':
      return [event(words.menu, step?.kind === 'menu' ? numberOf(office.menus, step.menu) : null)]
    case 'group':
      return [event(words.group, step?.kind === 'group' ? numberOf(office.groups, step.group) : null)]
    case 'ringing':
      if (!ring || (step?.kind === 'group' && hook.groupPhones === false)) return []
      return [event(words.extension, extensionNumber(office, ring.extension))]
    case 'ended':
      return [...(isMissed(call) ? [event('missing_call')] : []), hangupOf(call, at, hook, options)]
    default:
      return []
  }
}

/** The text calls the menu's event `manu`. */
const WORDS = {
  sample: { menu: 'call_init_menu', group: 'incoming_call_group', extension: 'incoming_call_extension' },
  text: { menu: 'call_init_manu', group: 'call_init_group', extension: 'call_init_extension' },
} as const

const numberOf = (list: readonly { readonly id: number; readonly number: string }[], id: number) =>
  Number(list.find((one) => one.id === id)?.number)

function commonOf(
  type: string,
  call: LoggedCall,
  at: number,
  hook: BulutfonWebhook,
  options: CallWebhooksOptions,
): Values {
  return {
    event_type: type,
    ...(hook.ids !== false && options.ids),
    ...partiesOf(call, options.office, options.knobs),
    uuid: call.uuid,
    direction: call.direction.toUpperCase(),
    timestamp: microseconds(at),
  }
}

/** 16 digits. */
const microseconds = (at: number): number => Math.floor(at) * 1000

/** Without the ids of the company; its time in menus counts as talk. */
function hangupOf(call: LoggedCall, at: number, hook: BulutfonWebhook, options: CallWebhooksOptions): Values {
  const { office, knobs, url } = options
  const cdr = toCdr(call, office, knobs)
  const { uuid, answeredAt, endedAt, outcome } = call
  const common = {
    event_type: 'call_hangup',
    ...partiesOf(call, office, knobs),
    uuid,
    timestamp: microseconds(at),
    direction: call.direction.toUpperCase(),
  }
  const extras = options.startedByApi(uuid)
  if (hook.record === 'embedded') {
    return { ...common, hangup_cause: cdr['hangup_cause'], ...extras, cdr: embeddedRecord(call, cdr, office) }
  }
  const day = time(endedAt).slice(0, 10).replaceAll('-', '/')
  return {
    ...common,
    talk_duration: answeredAt === null ? 0 : Math.round((endedAt - answeredAt) / 1000),
    hangup_cause: cdr['hangup_cause'],
    hangup_detail: cdr['hangup_state'],
    result_disposition: outcome === 'answered' ? 'SUCCESS' : '',
    cdr_url: `${url()}/account/pbx/call-records/${day}/${uuid}`,
    cdr_api_url: `${url()}/v2/cdr/${day}/${uuid}`,
    ...extras,
  }
}

/** The record in other names than those of `/cdrs`. */
function embeddedRecord(call: LoggedCall, cdr: Values, office: Office): Values {
  return {
    uuid: call.uuid,
    bf_calltype: call.kind,
    bf_direction: cdr['direction'],
    bf_caller: cdr['caller'],
    bf_callee: cdr['callee'],
    call_time: cdr['call_time'],
    answer_time: cdr['answer_time'],
    hangup_time: cdr['hangup_time'],
    call_record: call.recording === 'yes',
    hangup_cause: cdr['hangup_cause'],
    sip_hangup_disposition: cdr['hangup_state'],
    callflow: call.direction === 'in' ? callFlowOf(call, office) : [],
  }
}
