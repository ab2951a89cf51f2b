import {
  startIpexEmulator,
  type IpexAccountName,
  type IpexEmulator,
} from '../../../src/providers/ipex/emulator/emulator.js'

/** 11 February 2026, 16:00 in Prague. */
export const NOW = Date.UTC(2026, 1, 11, 15)

export interface Reply {
  readonly status: number
  readonly headers: Headers
  // Tests look at what came back field by field; its shape is what they prove.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

/** Starts a small emulator whose clock stands still, and closes it after the test. */
export async function withEmulator(
  knobs: Readonly<Record<string, unknown>>,
  test: (emulator: IpexEmulator) => Promise<void>,
): Promise<void> {
  const emulator = await startIpexEmulator({ scale: 0.05, now: NOW, knobs })
  try {
    await test(emulator)
  } finally {
    await emulator.close()
  }
}

export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

/** `POST /token` with a form. */
export const postForm = (emulator: IpexEmulator, fields: Record<string, string>): Promise<Reply> =>
  send(`${emulator.url}/auth/token`, { method: 'POST', body: new URLSearchParams(fields) })

export const postJson = (url: string, body: unknown, authorization?: string): Promise<Reply> =>
  send(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  })

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly impersonate: string
}

/** What the account's configuration says, as far as these tests need it. */
export const credentials = (emulator: IpexEmulator, account: IpexAccountName = 'password'): Credentials =>
  emulator.accounts[account].auth as unknown as Credentials

export const passwordGrant = (
  emulator: IpexEmulator,
  account: IpexAccountName = 'password',
  more: Record<string, string> = {},
) => {
  const { username, password } = credentials(emulator, account)
  return postForm(emulator, { grant_type: 'password', client_id: 'api', username, password, ...more })
}

export const refreshGrant = (emulator: IpexEmulator, refreshToken: string) =>
  postForm(emulator, { grant_type: 'refresh_token', client_id: 'api', refresh_token: refreshToken })

export const exchange = (emulator: IpexEmulator, token: string, email: string) =>
  postJson(`${emulator.url}/auth/token-exchange`, { email }, `Bearer ${token}`)

export async function login(emulator: IpexEmulator, account: IpexAccountName = 'password'): Promise<string> {
  return (await passwordGrant(emulator, account)).body.access_token as string
}

/** A resource of the PBX API with a Bearer token. */
export const read = (emulator: IpexEmulator, path: string, token: string): Promise<Reply> =>
  send(`${emulator.url}/ipbxapi${path}`, { headers: { authorization: `Bearer ${token}` } })

/** A write with a Bearer token; `body` is sent as JSON. */
export const write = (
  emulator: IpexEmulator,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> =>
  send(`${emulator.url}/ipbxapi${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

/** An emulator, and what the company's access can do with it. */
export interface Access {
  readonly emulator: IpexEmulator
  readonly write: (method: string, path: string, body?: unknown) => Promise<Reply>
  readonly current: () => Promise<Record<string, unknown>[]>
  /** Of the user of a line. */
  readonly profiles: (line: string) => Promise<Record<string, unknown>[]>
  readonly userId: (line: string) => Promise<string>
}

/** Starts a small emulator, logs in as the company, and closes it after the test. */
export async function withAccess(
  test: (access: Access) => Promise<void>,
  knobs: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await withEmulator({ rowIds: 'text', ...knobs }, async (emulator) => {
    const token = await login(emulator)
    const list = async (path: string) => (await read(emulator, path, token)).body as Record<string, unknown>[]
    const userId = async (line: string) => String((await list(`/pbx/users?exten=${Number(line)}`))[0]!['id'])
    await test({
      emulator,
      write: (method, path, body) => write(emulator, token, method, path, body),
      current: () => list('/calls/current'),
      profiles: async (line) => list(`/profiles?userId=${await userId(line)}`),
      userId,
    })
  })
}
