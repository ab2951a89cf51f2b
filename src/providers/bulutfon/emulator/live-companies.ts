import type { EmulatorClock } from '../../../emulator/emulator.js'
import { createAgenda } from '../../../emulator/live/agenda.js'
import { createLiveOffice, type EmulatedOffice } from '../../../emulator/live/live-office.js'
import { createWebhookSender } from '../../../emulator/live/webhook-sender.js'
import { createRandom } from '../../../emulator/random.js'
import type { StoryCall } from '../../../emulator/story.js'
import { uuidOf } from './call-log.js'
import type { AccountName, Company } from './companies.js'
import type { BulutfonKnobs, BulutfonWebhook } from './knobs.js'
import { createCallWebhooks, type StartedByApi } from './webhooks.js'

export interface LiveCompaniesOptions {
  readonly companies: () => Readonly<Record<AccountName, Company>>
  readonly knobs: BulutfonKnobs
  readonly clock: EmulatorClock
  readonly url: string
  readonly seed: number
}

/** The calls of all companies that are under way. */
export interface LiveCompanies {
  of(account: AccountName): EmulatedOffice<BulutfonWebhook>
  /** Makes a call that the API was asked for. */
  begin(account: AccountName, call: Omit<StoryCall, 'id'>, told: StartedByApi): void
  /** Does what is due after the clock has been moved. */
  run(): void
  reset(): void
}

export function liveCompanies({ companies, knobs, clock, url, seed }: LiveCompaniesOptions): LiveCompanies {
  const agenda = createAgenda(clock)
  const startedByApi = new Map<string, StartedByApi>()
  const beginning: StartedByApi[] = []

  const create = (account: AccountName, index: number) => {
    const sender = createWebhookSender(clock, agenda)
    const { office } = companies()[account]
    const webhooks = createCallWebhooks({
      office,
      knobs,
      sender,
      url: () => url,
      ids: { domain_id: 1234 + index, account_id: 5678 + index },
      startedByApi: (uuid) => startedByApi.get(uuid) ?? null,
    })
    const live = createLiveOffice<BulutfonWebhook>({
      office,
      clock,
      agenda,
      sender,
      random: () => createRandom(seed).fork(account),
      recordDelayMs: knobs.recordDelayMs,
      slowRecords: knobs.slowRecords,
      settleDelayMs: knobs.settleDelayMs,
      begin({ id }) {
        const uuid = uuidOf(`${seed}/${account}/live/${id}`)
        const told = beginning.pop()
        if (told) startedByApi.set(uuid, told)
        return uuid
      },
      onMoment: webhooks.post,
      record: (call, uuid) => void companies()[account].calls.add({ ...call, uuid }),
      settle(uuid, change) {
        const { calls } = companies()[account]
        if (calls.find(uuid)) calls.change(uuid, change)
      },
      deliverTo: webhooks.deliverTo,
    })
    return { sender, live, deliverTo: webhooks.deliverTo }
  }

  const made = { company: create('company', 0), other: create('other', 1) }
  made.company.deliverTo(knobs.webhook)
  return {
    of: (account) => made[account].live,
    begin(account, call, told) {
      beginning.push(told)
      made[account].live.play(call)
    },
    run: agenda.run,
    reset() {
      agenda.clear()
      startedByApi.clear()
      for (const { sender, live, deliverTo } of Object.values(made)) {
        live.reset()
        sender.reset()
        deliverTo(null)
      }
      made.company.deliverTo(knobs.webhook)
    },
  }
}
