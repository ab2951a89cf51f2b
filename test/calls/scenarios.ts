import type { Office, StoryCall, StoryRing, StoryStep } from '../../src/emulator/story.js'

/** The two whose pages say how a call went; one story is told to both. */
export type Dialect = 'bulutfon' | 'ipex'

/**
 * A call as the graph tells it. Who took part is named by role, because each office has its own
 * numbers.
 */
export interface Golden {
  readonly kind: 'VOICE' | 'FAX'
  readonly direction: 'INBOUND' | 'OUTBOUND' | 'INTERNAL'
  readonly disposition: string
  /** Whose public number the call shows; null: none. */
  readonly caller: string | null
  readonly answeredBy: string | null
  readonly groups: readonly string[]
  /**
   * One line a step, `ACTION target RESULT`; phones that rang under a step are indented, those of
   * one moment by name.
   */
  readonly legs: readonly string[] | null
}

/** What one provider cannot tell, and what it tells instead. */
export interface Exception {
  readonly why: string
  readonly tells: Partial<Golden>
}

export interface Scenario {
  readonly name: string
  readonly story: (cast: Cast) => Told
  readonly golden: Golden
  readonly except?: Partial<Record<Dialect, Exception>>
}

/** As much of a call as both emulators take. */
export type Told = Omit<StoryCall, 'id'>

/** Who takes part, as one office has them. */
export interface Cast {
  /** When the call begins, ms. */
  readonly at: number
  readonly did: string
  readonly ada: number
  readonly bela: number
  readonly cem: number
  readonly sales: number
  readonly support: number
  readonly welcome: number
  readonly shops: number
}

export const CUSTOMER = '+905550005009'
export const MOBILE = '+905550005011'

export function castOf(office: Office, at: number): Cast {
  const [ada, bela, cem] = office.extensions.map(({ id }) => id)
  const [sales, support] = office.groups.map(({ id }) => id)
  const [welcome, shops] = office.menus.map(({ id }) => id)
  return {
    ...{ at, did: office.dids[0]!.number, ada: ada!, bela: bela!, cem: cem! },
    ...{ sales: sales!, support: support!, welcome: welcome!, shops: shops! },
  }
}

/**
 * The role of what the graph names in this office, by what it is and its number: `Extension 1001`.
 */
export function rolesIn(office: Office): (kind: string, number: string | null) => string {
  const things: [role: string, kind: string, number: string][] = [
    ...(['ada', 'bela', 'cem'] as const).map(named('Extension', office.extensions)),
    ...(['sales', 'support'] as const).map(named('Group', office.groups)),
    ...(['salesBox', 'supportBox'] as const).map(named('VoicemailBox', office.groups)),
    ...(['welcome', 'shops'] as const).map(named('AutoAttendant', office.menus)),
    ['did', 'ExternalNumber', office.dids[0]!.number],
    ['customer', 'ExternalNumber', CUSTOMER],
    ['mobile', 'ExternalNumber', MOBILE],
  ]
  const roles = new Map(things.map(([role, kind, number]) => [`${kind} ${number}`, role]))
  return (kind, number) => roles.get(`${kind} ${number}`) ?? `stranger (${kind} ${number})`
}

const named =
  (kind: string, things: readonly { readonly number: string }[]) =>
  (role: string, index: number): [string, string, string] => [role, kind, things[index]!.number]

const NO_FLOW: Exception = {
  why: 'Bulutfon keeps a call_flow for incoming calls only',
  tells: { legs: null },
}

const incoming = (cast: Cast, told: Partial<Told> & Pick<Told, 'steps' | 'outcome'>, lasts: number): Told => ({
  ...{ direction: 'in', kind: 'voice', outside: CUSTOMER, outsideName: null, did: cast.did, from: null, to: null },
  ...{ startedAt: cast.at, endedAt: cast.at + lasts * 1000, answeredAt: null, hungUpBy: 'caller' },
  ...{ recording: 'no', price: null },
  ...told,
})

const outgoing = (cast: Cast, told: Partial<Told> & Pick<Told, 'outcome'>, lasts: number): Told => ({
  ...incoming(cast, { steps: [], ...told }, lasts),
  ...{ direction: 'out', from: cast.ada },
})

/** Seconds after the call began. */
const after = ({ at }: Cast, seconds: number) => at + seconds * 1000

function ring(
  cast: Cast,
  extension: number,
  from: number,
  until: number,
  result: StoryRing['result'],
  answer?: number,
) {
  const answeredAt = answer === undefined ? null : after(cast, answer)
  return { extension, from: after(cast, from), answeredAt, until: after(cast, until), result }
}

const phone = (
  cast: Cast,
  rung: StoryRing,
  more: Partial<Extract<StoryStep, { kind: 'extension' }>> = {},
): StoryStep => ({
  ...{ at: rung.from, kind: 'extension', extension: rung.extension, until: rung.until, rings: [rung] },
  ...more,
})

const menu = (cast: Cast, entered: number, from: number, until: number): StoryStep => ({
  ...{ at: after(cast, from), kind: 'menu', menu: entered, until: after(cast, until) },
})

const group = (cast: Cast, rung: number, from: number, until: number, rings: readonly StoryRing[]): StoryStep => ({
  ...{ at: after(cast, from), kind: 'group', group: rung, until: after(cast, until), rings },
})

const cameIn = { kind: 'VOICE', direction: 'INBOUND', caller: 'customer', groups: [] } as const
const wentOut = { kind: 'VOICE', direction: 'OUTBOUND', groups: [] } as const

export const scenarios: readonly Scenario[] = [
  {
    name: 'taken at the extension its number leads to',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 6) },
          steps: [phone(cast, ring(cast, cast.ada, 0, 60, 'answered', 6))],
        },
        60,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'ada',
      legs: ['ENTER_DID did CONTINUED', 'RING ada ANSWERED'],
    },
  },
  {
    name: 'through a menu to a group whose phones race',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 1) },
          steps: [
            menu(cast, cast.welcome, 0, 9),
            group(cast, cast.sales, 9, 80, [
              ring(cast, cast.ada, 9, 16, 'elsewhere'),
              ring(cast, cast.bela, 9, 80, 'answered', 16),
              ring(cast, cast.cem, 9, 16, 'elsewhere'),
            ]),
          ],
        },
        80,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'bela',
      groups: ['sales'],
      legs: [
        'ENTER_DID did CONTINUED',
        'ENTER_MENU welcome CONTINUED',
        'ENTER_GROUP sales ANSWERED',
        '  RING ada ANSWERED_ELSEWHERE',
        '  RING bela ANSWERED',
        '  RING cem ANSWERED_ELSEWHERE',
      ],
    },
  },
  {
    name: 'from one menu to another, and to an extension',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 1) },
          steps: [
            menu(cast, cast.welcome, 0, 8),
            menu(cast, cast.shops, 8, 14),
            phone(cast, ring(cast, cast.cem, 14, 50, 'answered', 20)),
          ],
        },
        50,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'cem',
      legs: [
        'ENTER_DID did CONTINUED',
        'ENTER_MENU welcome CONTINUED',
        'ENTER_MENU shops CONTINUED',
        'RING cem ANSWERED',
      ],
    },
  },
  {
    name: 'given up in a menu',
    story: (cast) =>
      incoming(cast, { outcome: 'missed', answeredAt: after(cast, 1), steps: [menu(cast, cast.welcome, 0, 12)] }, 12),
    golden: {
      ...cameIn,
      disposition: 'MISSED',
      answeredBy: null,
      legs: ['ENTER_DID did CONTINUED', 'ENTER_MENU welcome ANSWERED'],
    },
  },
  {
    name: 'abandoned in a queue',
    story: (cast) =>
      incoming(
        cast,
        {
          outcome: 'missed',
          steps: [
            group(cast, cast.sales, 0, 22, [
              ring(cast, cast.ada, 0, 22, 'no answer'),
              ring(cast, cast.bela, 0, 22, 'no answer'),
            ]),
          ],
        },
        22,
      ),
    golden: {
      ...cameIn,
      disposition: 'MISSED',
      answeredBy: null,
      groups: ['sales'],
      legs: ['ENTER_DID did CONTINUED', 'ENTER_GROUP sales CANCELLED', '  RING ada CANCELLED', '  RING bela CANCELLED'],
    },
  },
  {
    name: 'taken in a queue that had rung nobody for half an hour',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 1830) },
          steps: [
            group(cast, cast.sales, 0, 1900, [
              ring(cast, cast.ada, 0, 20, 'no answer'),
              ring(cast, cast.bela, 1820, 1900, 'answered', 1830),
            ]),
          ],
        },
        1900,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'bela',
      groups: ['sales'],
      legs: ['ENTER_DID did CONTINUED', 'ENTER_GROUP sales ANSWERED', '  RING ada NO_ANSWER', '  RING bela ANSWERED'],
    },
  },
  {
    name: 'given up in a queue that had rung nobody for half an hour',
    story: (cast) =>
      incoming(
        cast,
        {
          outcome: 'missed',
          steps: [
            group(cast, cast.support, 0, 1840, [
              ring(cast, cast.ada, 0, 20, 'no answer'),
              ring(cast, cast.cem, 1820, 1840, 'no answer'),
            ]),
          ],
        },
        1840,
      ),
    golden: {
      ...cameIn,
      disposition: 'MISSED',
      answeredBy: null,
      groups: ['support'],
      legs: [
        'ENTER_DID did CONTINUED',
        'ENTER_GROUP support NO_ANSWER',
        '  RING ada NO_ANSWER',
        '  RING cem CANCELLED',
      ],
    },
  },
  {
    name: 'taken by nobody of a group, then by the mailbox',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'voicemail', answeredAt: after(cast, 31) },
          steps: [
            group(cast, cast.sales, 0, 30, [
              ring(cast, cast.ada, 0, 30, 'no answer'),
              ring(cast, cast.bela, 0, 0, 'busy'),
            ]),
          ],
        },
        55,
      ),
    golden: {
      ...cameIn,
      disposition: 'MISSED',
      answeredBy: null,
      groups: ['sales'],
      legs: [
        'ENTER_DID did CONTINUED',
        'ENTER_GROUP sales NO_ANSWER',
        '  RING ada NO_ANSWER',
        '  RING bela BUSY',
        'VOICEMAIL salesBox ANSWERED',
      ],
    },
    except: {
      bulutfon: {
        why: 'call_flow has no step for a mailbox; that something took the call stands in answer_time alone, which makes it ANSWERED',
        tells: {
          disposition: 'ANSWERED',
          legs: ['ENTER_DID did CONTINUED', 'ENTER_GROUP sales NO_ANSWER', '  RING ada NO_ANSWER', '  RING bela BUSY'],
        },
      },
    },
  },
  {
    name: 'sent on to a mobile phone and taken there',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 12) },
          steps: [
            { at: cast.at, kind: 'extension', extension: cast.ada, until: cast.at, rings: [] },
            { at: cast.at, kind: 'forward', to: MOBILE, until: after(cast, 70), answered: true },
          ],
        },
        70,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'mobile',
      legs: ['ENTER_DID did CONTINUED', 'RING ada CONTINUED', 'FORWARD mobile ANSWERED'],
    },
  },
  {
    name: 'not taken at an extension, then by the group it is sent on to',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 40) },
          steps: [
            phone(cast, ring(cast, cast.ada, 0, 30, 'no answer')),
            group(cast, cast.support, 30, 90, [ring(cast, cast.cem, 30, 90, 'answered', 40)]),
          ],
        },
        90,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'cem',
      groups: ['support'],
      legs: ['ENTER_DID did CONTINUED', 'RING ada NO_ANSWER', 'ENTER_GROUP support ANSWERED', '  RING cem ANSWERED'],
    },
  },
  {
    name: 'taken, and handed over unasked (blind transfer)',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 5) },
          steps: [
            phone(cast, ring(cast, cast.ada, 0, 30, 'answered', 5)),
            phone(cast, ring(cast, cast.bela, 30, 75, 'answered', 34)),
          ],
        },
        75,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'bela',
      legs: ['ENTER_DID did CONTINUED', 'RING ada ANSWERED', 'TRANSFER bela CONTINUED', 'RING bela ANSWERED'],
    },
    except: {
      bulutfon: {
        why: 'call_flow has no word for a transfer: that a second phone talked is all there is to see',
        tells: { legs: ['ENTER_DID did CONTINUED', 'RING ada ANSWERED', 'RING bela ANSWERED'] },
      },
    },
  },
  {
    name: 'taken, and handed over when the colleague had been asked (attended transfer)',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 5) },
          steps: [
            phone(cast, ring(cast, cast.ada, 0, 40, 'answered', 5)),
            phone(cast, ring(cast, cast.bela, 28, 75, 'answered', 31), { askedFirst: true }),
          ],
        },
        75,
      ),
    golden: {
      ...cameIn,
      disposition: 'ANSWERED',
      answeredBy: 'bela',
      legs: ['ENTER_DID did CONTINUED', 'RING ada ANSWERED', 'RING bela ANSWERED', 'TRANSFER bela CONTINUED'],
    },
    except: {
      bulutfon: {
        why: 'call_flow has no word for a transfer: that a second phone talked is all there is to see',
        tells: { legs: ['ENTER_DID did CONTINUED', 'RING ada ANSWERED', 'RING bela ANSWERED'] },
      },
    },
  },
  {
    name: 'to an extension that is in a call',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'busy', hungUpBy: 'system' },
          steps: [phone(cast, ring(cast, cast.ada, 0, 0, 'busy'))],
        },
        1,
      ),
    golden: {
      ...cameIn,
      disposition: 'BUSY',
      answeredBy: null,
      legs: ['ENTER_DID did CONTINUED', 'RING ada BUSY'],
    },
  },
  {
    name: 'refused by the one who was called',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'rejected', hungUpBy: 'callee' },
          steps: [phone(cast, ring(cast, cast.ada, 0, 4, 'rejected'))],
        },
        4,
      ),
    golden: {
      ...cameIn,
      disposition: 'REJECTED',
      answeredBy: null,
      legs: ['ENTER_DID did CONTINUED', 'RING ada REJECTED'],
    },
    except: {
      ipex: {
        why: "a row's disposition has no word for refusing, which is BUSY there; only the events tell the two apart",
        tells: { disposition: 'BUSY' },
      },
    },
  },
  {
    name: 'missed: nobody came to the phone',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outcome: 'missed', hungUpBy: 'system' },
          steps: [phone(cast, ring(cast, cast.bela, 0, 30, 'no answer'))],
        },
        31,
      ),
    golden: {
      ...cameIn,
      disposition: 'MISSED',
      answeredBy: null,
      legs: ['ENTER_DID did CONTINUED', 'RING bela NO_ANSWER'],
    },
  },
  {
    name: 'from somebody who hides their number',
    story: (cast) =>
      incoming(
        cast,
        {
          ...{ outside: null, outcome: 'answered', answeredAt: after(cast, 3) },
          steps: [phone(cast, ring(cast, cast.ada, 0, 20, 'answered', 3))],
        },
        20,
      ),
    golden: {
      ...cameIn,
      caller: null,
      disposition: 'ANSWERED',
      answeredBy: 'ada',
      legs: ['ENTER_DID did CONTINUED', 'RING ada ANSWERED'],
    },
  },
  {
    name: 'a fax that the number itself takes',
    story: (cast) => incoming(cast, { kind: 'fax', outcome: 'answered', answeredAt: after(cast, 2), steps: [] }, 45),
    golden: {
      ...cameIn,
      kind: 'FAX',
      disposition: 'ANSWERED',
      answeredBy: null,
      legs: ['ENTER_DID did ANSWERED'],
    },
    except: { ipex: { why: 'no documented field tells a fax from a voice call', tells: { kind: 'VOICE' } } },
  },
  {
    name: 'outgoing, and taken',
    story: (cast) => outgoing(cast, { outcome: 'answered', answeredAt: after(cast, 9), price: 1.2 }, 50),
    golden: {
      ...wentOut,
      caller: null,
      disposition: 'ANSWERED',
      answeredBy: 'customer',
      legs: ['RING customer ANSWERED'],
    },
    except: {
      bulutfon: {
        why: `${NO_FLOW.why}; the caller of others is the number shown`,
        tells: { ...NO_FLOW.tells, caller: 'did' },
      },
    },
  },
  {
    name: 'outgoing, and taken by nobody',
    story: (cast) => outgoing(cast, { outcome: 'no answer', hungUpBy: 'system' }, 40),
    golden: {
      ...wentOut,
      caller: null,
      disposition: 'NO_ANSWER',
      answeredBy: null,
      legs: ['RING customer NO_ANSWER'],
    },
    except: {
      bulutfon: {
        why: `${NO_FLOW.why}; the caller of others is the number shown`,
        tells: { ...NO_FLOW.tells, caller: 'did' },
      },
    },
  },
  {
    name: 'from one extension to another',
    story: (cast) => ({
      ...incoming(
        cast,
        {
          ...{ outcome: 'answered', answeredAt: after(cast, 4) },
          steps: [phone(cast, ring(cast, cast.bela, 0, 33, 'answered', 4))],
        },
        33,
      ),
      ...{ direction: 'local', outside: null, did: null, from: cast.ada, to: cast.bela },
    }),
    golden: {
      ...{ kind: 'VOICE', direction: 'INTERNAL', caller: null, groups: [] },
      disposition: 'ANSWERED',
      answeredBy: 'bela',
      legs: ['RING bela ANSWERED'],
    },
    except: { bulutfon: NO_FLOW },
  },
]
