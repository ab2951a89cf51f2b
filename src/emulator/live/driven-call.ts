import type { Office, StoryCall, StoryRing, StoryStep } from '../story.js'
import type { LiveCall, LiveMoment, ToldCall } from './live.js'
import { ended, moment } from './told-call.js'

export interface DrivenCallOptions {
  readonly office: Office
  readonly now: () => number
  /** What has just happened; resolves when it was told once. */
  readonly onMoment: (call: DrivenCall, moment: LiveMoment) => Promise<void>
}

type RingingStep = Extract<StoryStep, { rings: unknown }>

/** A call whose steps a test gives, or a plan. */
export class DrivenCall implements LiveCall {
  readonly id: string
  told: ToldCall
  /** What else the plan had in mind is off, once somebody else drives the call. */
  cancelPlan: () => void = () => {}
  callerPhone: LiveCall['callerPhone'] = 'dialled'
  readonly #options: DrivenCallOptions

  constructor(id: string, told: ToldCall, options: DrivenCallOptions) {
    this.id = id
    this.told = told
    this.#options = options
  }

  get isOver(): boolean {
    return this.told.endedAt !== Infinity
  }

  async enterMenu(number?: string): Promise<void> {
    const { id } = find(this.#options.office.menus, number, 'menu')
    const at = this.#now()
    // A menu answers the call itself.
    this.told = { ...this.told, answeredAt: this.told.answeredAt ?? at }
    await this.#enter({ kind: 'menu', at, menu: id, until: Infinity }, 'menu')
  }

  async enterGroup(number?: string): Promise<void> {
    const { id } = find(this.#options.office.groups, number, 'group')
    await this.#enter({ kind: 'group', at: this.#now(), group: id, until: Infinity, rings: [] }, 'group')
  }

  async ringCaller(): Promise<void> {
    const at = this.#now()
    const { from } = this.told
    if (from === null) throw new Error(`The call ${this.id} is of no phone that could ring`)
    this.callerPhone = 'rings'
    await this.#tell(moment('ringing', at, null, ringing(from, at)))
  }

  answerCaller(): void {
    this.#now()
    this.callerPhone = 'has answered'
  }

  async ring(...numbers: string[]): Promise<void> {
    const { extensions } = this.#options.office
    const at = this.#now()
    if (this.callerPhone === 'rings') this.callerPhone = 'has answered'
    const [outside] = numbers
    if (outside?.startsWith('+')) {
      return this.#enter({ kind: 'forward', at, to: outside, until: Infinity, answered: false }, 'ringing')
    }
    // The other end of an outgoing call rings somewhere outside.
    const step = this.#step
    if (this.told.direction === 'out' && !step) return this.#tell(moment('ringing', at))
    const inGroup = step?.kind === 'group' && step.until === Infinity
    const wanted = numbers.length > 0 ? numbers : [inGroup ? this.#nextMember(step) : this.#dialled()]
    for (const number of wanted) {
      const ring = ringing(find(extensions, number, 'extension').id, at)
      if (inGroup) this.#change({ rings: [...(this.#step as RingingStep).rings, ring] })
      else this.#open({ kind: 'extension', at, extension: ring.extension, until: Infinity, rings: [ring] })
      await this.#tell(moment('ringing', at, this.#step, ring))
    }
  }

  async silence(number?: string, result: 'no answer' | 'busy' | 'rejected' = 'no answer'): Promise<void> {
    const ring = this.#ringing(number)
    this.#replace(ring, { ...ring, until: this.#now(), result })
  }

  async answer(number?: string): Promise<void> {
    const at = this.#now()
    if (this.callerPhone === 'rings') this.callerPhone = 'has answered'
    this.told = { ...this.told, answeredAt: this.told.answeredAt ?? at }
    const step = this.#step
    if (step?.kind === 'forward')
      this.told = { ...this.told, steps: [...this.told.steps.slice(0, -1), { ...step, answered: true }] }
    if (!step || step.kind === 'forward') {
      if (!step) this.told = { ...this.told, outcome: 'answered' }
      return this.#tell(moment('answered', at, this.#step))
    }
    const ring = this.#ringing(number)
    const taken: StoryRing = { ...ring, answeredAt: at, result: 'answered' }
    for (const other of (step as RingingStep).rings) {
      if (other === ring) this.#replace(ring, taken)
      else if (other.until === Infinity) this.#replace(other, { ...other, until: at, result: 'elsewhere' })
    }
    this.told = { ...this.told, outcome: 'answered' }
    await this.#tell(moment('answered', at, this.#step, taken))
  }

  async transfer(number: string, { attended = false }: { readonly attended?: boolean } = {}): Promise<void> {
    const { extensions, groups } = this.#options.office
    const at = this.#now()
    const group = groups.find((one) => one.number === number)
    const until = Infinity
    if (number.startsWith('+')) this.#open({ kind: 'forward', at, to: number, until, answered: false })
    else if (group) this.#open({ kind: 'group', at, group: group.id, until, rings: [] })
    else {
      const extension = find(extensions, number, 'extension').id
      const ring = ringing(extension, at)
      const rings = [attended ? { ...ring, answeredAt: at, result: 'answered' as const } : ring]
      this.#open({ kind: 'extension', at, extension, until, rings, ...(attended && { askedFirst: true }) })
    }
    const step = this.#step
    const ring = step && 'rings' in step ? (step.rings[0] ?? null) : null
    await this.#tell(moment('transferred', at, step, ring))
    await this.#tell(moment(group ? 'group' : attended ? 'answered' : 'ringing', at, step, ring))
  }

  async hangUp(by: StoryCall['hungUpBy'] = 'caller'): Promise<void> {
    const at = this.#now()
    this.told = ended(this.told, at, by)
    await this.#tell(moment('ended', at, this.#step))
  }

  /** @throws Error once the call is over */
  #now(): number {
    if (this.isOver) throw new Error(`The call ${this.id} is over`)
    this.cancelPlan()
    return this.#options.now()
  }

  get #step(): StoryStep | null {
    return this.told.steps.at(-1) ?? null
  }

  #tell(what: LiveMoment): Promise<void> {
    return this.#options.onMoment(this, what)
  }

  #enter(step: StoryStep, kind: LiveMoment['kind']): Promise<void> {
    this.#open(step)
    return this.#tell(moment(kind, step.at, step))
  }

  /** The call leaves the step where it was. */
  #open(step: StoryStep): void {
    const steps = ended(this.told, step.at, 'system').steps
    this.told = { ...this.told, steps: [...steps, step] }
  }

  #change(change: { readonly rings: readonly StoryRing[] }): void {
    const step = this.#step as RingingStep
    this.told = { ...this.told, steps: [...this.told.steps.slice(0, -1), { ...step, ...change }] }
  }

  #replace(ring: StoryRing, by: StoryRing): void {
    const { rings } = this.#step as RingingStep
    this.#change({
      rings: rings.map((other) => (other.extension === ring.extension && other.until === Infinity ? by : other)),
    })
  }

  /** @throws Error when no such phone rings */
  #ringing(number: string | undefined): StoryRing {
    const step = this.#step
    const extension = number === undefined ? null : find(this.#options.office.extensions, number, 'extension').id
    const open =
      step && 'rings' in step
        ? step.rings.filter(({ until, answeredAt }) => until === Infinity && answeredAt === null)
        : []
    const ring = open.find((one) => extension === null || one.extension === extension)
    if (!ring) throw new Error(`In the call ${this.id} ${number ?? 'no phone'} ${number ? 'does not ring' : 'rings'}`)
    return ring
  }

  #nextMember(step: Extract<StoryStep, { kind: 'group' }>): string {
    const { groups, extensions } = this.#options.office
    const members = groups.find(({ id }) => id === step.group)?.members ?? []
    const next = members.find((id) => !step.rings.some(({ extension }) => extension === id)) ?? members[0]
    return extensions.find(({ id }) => id === next)?.number ?? ''
  }

  #dialled(): string {
    const { extensions } = this.#options.office
    return (extensions.find(({ id }) => id === this.told.to) ?? extensions[0])?.number ?? ''
  }
}

const ringing = (extension: number, from: number): StoryRing => ({
  extension,
  from,
  answeredAt: null,
  until: Infinity,
  result: 'no answer',
})

/** @throws Error for a number that the office does not have */
export function find<T extends { readonly number: string }>(
  list: readonly T[],
  number: string | undefined,
  what: string,
): T {
  const found = number === undefined ? list[0] : list.find((one) => one.number === number)
  if (!found) throw new Error(`The emulated office has no ${what} ${number ?? ''}`)
  return found
}
