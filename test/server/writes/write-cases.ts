import { globalId } from '../../../src/model/id.js'
import type { BulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'

/** The emulators that are written to: Bulutfon as account `izmir`, IPEX as `praha` or as named here. */
export interface WrittenEmulators {
  readonly bulutfon: BulutfonEmulator
  readonly ipex: IpexEmulator
  readonly ipexAccount?: string
}

/** One mutation, ready to be asked for. */
export interface WriteCase {
  /** The field's payload is `write`. */
  readonly document: string
  readonly input: Readonly<Record<string, unknown>>
  /** The request that it is at the provider. */
  readonly request: { readonly method: string; readonly path: RegExp }
  /** Stands in path, query or body of that request, and of no other case's. */
  readonly mark: string
  /** Whether the provider has done it: told by the provider itself. */
  isDone(): Promise<boolean>
  /** Somebody else changes the same at the provider, in another way. */
  interfere(): Promise<void>
}

/**
 * A mutation at a provider, of which any number of cases can be made. Eight with numbers in a row touch
 * different objects; of moves and ends of calls, which are made on those of a line, only the last one holds.
 */
export interface WriteKind {
  readonly name: string
  readonly slug: 'bulutfon' | 'ipex'
  readonly account: string
  /** Input fields, as the record of changes names them. */
  readonly fields: readonly string[]
  /** Whether a look at the provider can tell that it was done. */
  readonly isSeen: boolean
  /** Whether another process, which does not know what was there before, can tell it, too. */
  readonly isSeenLater: boolean
  make(emulators: WrittenEmulators, number: number): Promise<WriteCase>
}

const ERRORS = 'userErrors { code field message providerMessage retryable }'
const mutation = (name: string, input: string, payload: string) =>
  `mutation ($input: ${input}!) { write: ${name}(input: $input) { ${payload} ${ERRORS} } }`
const CREATE = mutation('extensionCreate', 'ExtensionCreateInput', 'extension { id number displayName }')
const UPDATE = mutation('extensionUpdate', 'ExtensionUpdateInput', 'extension { id number displayName }')
const DELETE = mutation('extensionDelete', 'ExtensionDeleteInput', 'deletedExtensionId')
const ORIGINATE = mutation('callOriginate', 'CallOriginateInput', 'accepted call { id providerCallId }')
const TRANSFER = mutation('callTransfer', 'CallTransferInput', 'call { id providerCallId }')
const HANG_UP = mutation('callHangUp', 'CallHangUpInput', 'call { id state }')

const izmir = { slug: 'bulutfon', account: 'izmir' } as const
const praha = { slug: 'ipex', account: 'praha' } as const

export const WRITE_KINDS: readonly WriteKind[] = [
  {
    ...{ ...izmir, name: 'extensionCreate', isSeen: true, isSeenLater: true },
    fields: ['number', 'displayName', 'email', 'callerIdDidId'],
    async make({ bulutfon }, index) {
      const number = String(5000 + index)
      const name = `Defne ${number}`
      const did = await anyDid(bulutfon)
      const found = async () => (await extensions(bulutfon)).filter((one) => String(one.number) === number)
      return {
        document: CREATE,
        input: {
          ...{ accountId: globalId('Account', 'izmir'), number, displayName: name },
          ...{ email: `defne${number}@ornek.example`, callerIdDidId: globalId('Did', 'izmir', did.id) },
        },
        request: { method: 'POST', path: /^\/extensions$/ },
        mark: `"${number}"`,
        isDone: async () => (await found()).some((one) => one.caller_name === name),
        async interfere() {
          const [there] = await found()
          if (there) await bulutfonWrite(bulutfon, 'PUT', `/extensions/${there.id}`, { full_name: 'Somebody Else' })
          else await newExtension(bulutfon, number, 'Somebody Else')
        },
      }
    },
  },
  {
    ...{
      ...izmir,
      name: 'extensionUpdate',
      isSeen: true,
      isSeenLater: true,
      fields: ['displayName', 'voicemailEnabled'],
    },
    async make({ bulutfon }, index) {
      const { id, number } = await newExtension(bulutfon, String(5000 + index), 'Before')
      const name = `Kaya ${number}`
      return {
        document: UPDATE,
        input: { id: globalId('Extension', 'izmir', String(id)), displayName: name, voicemailEnabled: true },
        request: { method: 'PUT', path: new RegExp(`^/extensions/${id}$`) },
        mark: `/${id}`,
        isDone: async () => (await extensions(bulutfon)).some((one) => one.id === id && one.caller_name === name),
        interfere: () => bulutfonWrite(bulutfon, 'PUT', `/extensions/${id}`, { full_name: 'Somebody Else' }),
      }
    },
  },
  {
    ...{ ...izmir, name: 'extensionDelete', isSeen: true, isSeenLater: true, fields: [] },
    async make({ bulutfon }, index) {
      const { id } = await newExtension(bulutfon, String(5000 + index), 'Before')
      const isThere = async () => (await extensions(bulutfon)).some((one) => one.id === id)
      return {
        document: DELETE,
        input: { id: globalId('Extension', 'izmir', String(id)) },
        request: { method: 'DELETE', path: new RegExp(`^/extensions/${id}$`) },
        mark: `/${id}`,
        isDone: async () => !(await isThere()),
        async interfere() {
          if (await isThere()) await bulutfonWrite(bulutfon, 'DELETE', `/extensions/${id}`)
        },
      }
    },
  },
  {
    ...{
      ...izmir,
      name: 'callOriginate',
      isSeen: false,
      isSeenLater: false,
      fields: ['fromExtensionId', 'to', 'callerIdDidId'],
    },
    async make({ bulutfon }, index) {
      const line = (await extensions(bulutfon))[index % 8]
      const did = await anyDid(bulutfon)
      const to = `+90532111${String(5000 + index)}`
      return {
        document: ORIGINATE,
        input: {
          fromExtensionId: globalId('Extension', 'izmir', String(line!.id)),
          ...{ to, callerIdDidId: globalId('Did', 'izmir', did.id), idempotencyKey: `originate ${index}` },
        },
        request: { method: 'POST', path: /^\/call_and_bridge$/ },
        mark: to.slice(1),
        isDone: async () => bulutfon.live.calls.some(({ told }) => told.outside === to),
        // Bulutfon shows nobody a call before it is over, so nobody can do anything about it.
        interfere: async () => {},
      }
    },
  },
  {
    ...{ ...praha, name: 'extensionUpdate', isSeen: true, isSeenLater: true, fields: ['forwarding'] },
    async make({ ipex, ipexAccount = praha.account }, index) {
      const line = lineOf(index)
      const to = String(420600100000 + index)
      const userId = await userOf(ipex, line.number)
      const active = async () => {
        const profiles = (await ipexAsk(ipex, 'GET', `/profiles?userId=${userId}`)) as readonly WireProfile[]
        return profiles.find((one) => one.active)!
      }
      return {
        document: UPDATE,
        input: {
          id: globalId('Extension', ipexAccount, line.id),
          forwarding: [{ condition: 'ALWAYS', externalNumber: `+${to}` }],
        },
        request: { method: 'PUT', path: /\/profiles\/\d+$/ },
        mark: to,
        isDone: async () => (await active()).params.fwdNum === to,
        async interfere() {
          const { id } = await active()
          await ipexAsk(ipex, 'PUT', `/profiles/${id}`, { fwd: 'another', fwdNum: '420600999999' })
        },
      }
    },
  },
  {
    ...{ ...praha, name: 'callOriginate', isSeen: true, isSeenLater: false, fields: ['fromExtensionId', 'to'] },
    async make({ ipex, ipexAccount = praha.account }, index) {
      const line = lineOf(index)
      const to = `+${420600200000 + index}`
      const place = { direction: 'out' as const, from: line.number, outside: to }
      return {
        document: ORIGINATE,
        input: {
          fromExtensionId: globalId('Extension', ipexAccount, line.id),
          to,
          idempotencyKey: `originate ${index}`,
        },
        request: { method: 'POST', path: /\/calls$/ },
        mark: to.slice(1),
        isDone: async () =>
          ipex.live.calls.some(({ told, callerPhone }) => told.outside === to && callerPhone !== 'dialled'),
        interfere: async () => void (await ipex.live.call(place)),
      }
    },
  },
  {
    ...{ ...praha, name: 'callTransfer', isSeen: true, isSeenLater: true, fields: ['toNumber'] },
    async make({ ipex, ipexAccount = praha.account }, index) {
      const line = lineOf(index)
      const call = await talk(ipex, line, index)
      const to = `+${420600300000 + index}`
      return {
        document: TRANSFER,
        input: { id: globalId('LiveCall', ipexAccount, call.id), toNumber: to },
        request: { method: 'PUT', path: /\/calls\/transfer$/ },
        mark: to.slice(1),
        isDone: async () => call.told.steps.some((step) => JSON.stringify(step).includes(to)),
        interfere: async () => void (call.isOver || (await call.hangUp())),
      }
    },
  },
  {
    ...{ ...praha, name: 'callHangUp', isSeen: true, isSeenLater: true, fields: [] },
    async make({ ipex, ipexAccount = praha.account }, index) {
      const line = lineOf(index)
      const call = await talk(ipex, line, index)
      return {
        document: HANG_UP,
        input: { id: globalId('LiveCall', ipexAccount, call.id) },
        request: { method: 'DELETE', path: /\/calls$/ },
        mark: call.id,
        isDone: async () => call.isOver,
        interfere: async () => void (call.isOver || (await call.hangUp('caller'))),
      }
    },
  },
]

/** One of the eight lines of people at IPEX; `story`: its id in the emulator's story. */
function lineOf(index: number) {
  const position = (index % 8) + 1
  return { id: String(9300 + position), number: `010${position}`, story: 300 + position }
}

interface WireProfile {
  readonly id: number
  readonly active: boolean
  readonly params: { readonly fwdNum: string | null }
}

interface WireExtension {
  readonly id: number
  readonly number: string | number
  readonly caller_name: string
}

async function bulutfonAsk(emulator: BulutfonEmulator, method: string, path: string, body?: object): Promise<unknown> {
  const url = new URL(`${emulator.url}${path}`)
  url.searchParams.set('access_token', String(emulator.accounts.masterToken.auth['token']))
  return asked(await fetch(url, { method, ...withBody(body) }))
}

const bulutfonWrite = async (emulator: BulutfonEmulator, method: string, path: string, body?: object): Promise<void> =>
  void (await bulutfonAsk(emulator, method, path, body))

const extensions = async (emulator: BulutfonEmulator): Promise<readonly WireExtension[]> =>
  ((await bulutfonAsk(emulator, 'GET', '/extensions')) as { extensions: WireExtension[] }).extensions

const anyDid = async (emulator: BulutfonEmulator): Promise<{ id: string; number: string }> => {
  const { dids } = (await bulutfonAsk(emulator, 'GET', '/dids')) as { dids: { id: number; number: string }[] }
  return { id: String(dids[0]!.id), number: dids[0]!.number }
}

async function newExtension(emulator: BulutfonEmulator, number: string, name: string): Promise<WireExtension> {
  const { number: did } = await anyDid(emulator)
  const rest = { number, did: did.replace('+', ''), email: `other${number}@ornek.example`, redirection_type: 'NONE' }
  const made = await bulutfonAsk(emulator, 'POST', '/extensions', { full_name: name, ...rest })
  return (made as { extension: WireExtension }).extension
}

async function ipexAsk(emulator: IpexEmulator, method: string, path: string, body?: object): Promise<unknown> {
  const { username, password } = emulator.accounts.password.auth as Record<string, string>
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: 'api',
    username: username!,
    password: password!,
  })
  const login = await asked(await fetch(`${emulator.url}/auth/token`, { method: 'POST', body: form }))
  const authorization = `Bearer ${(login as { access_token: string }).access_token}`
  const { headers, ...rest } = withBody(body)
  return asked(
    await fetch(`${emulator.url}/ipbxapi${path}`, { method, headers: { ...headers, authorization }, ...rest }),
  )
}

async function userOf(emulator: IpexEmulator, line: string): Promise<string> {
  const [user] = (await ipexAsk(emulator, 'GET', `/pbx/users?exten=${Number(line)}`)) as readonly { id: string }[]
  return user!.id
}

async function talk(emulator: IpexEmulator, { number, story }: ReturnType<typeof lineOf>, index: number) {
  // A transfer names a user, so it is made only where that user has one call.
  for (const { told, ...before } of emulator.live.calls.map((one) => ({ told: one.told, end: () => one.hangUp() })))
    if (told.from === story || JSON.stringify(told.steps).includes(`"extension":${story},`)) await before.end()
  const call = await emulator.live.call({ outside: `+${420777100000 + index}` })
  await call.ring(number)
  await call.answer(number)
  return call
}

const withBody = (body?: object) => ({
  headers: { 'content-type': 'application/json' },
  ...(body && { body: JSON.stringify(body) }),
})

async function asked(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!response.ok) throw new Error(`the emulator answered ${response.status}: ${text}`)
  return JSON.parse(text)
}
