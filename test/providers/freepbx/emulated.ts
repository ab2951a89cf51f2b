import {
  startFreepbxEmulator,
  type FreepbxAccountName,
  type FreepbxEmulator,
} from '../../../src/providers/freepbx/emulator/emulator.js'

/** 11 February 2026, 12:30 in Ankara. */
export const NOW = Date.UTC(2026, 1, 11, 9, 30)

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // Tests look at what came back field by field; its shape is what they prove.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

/** Starts a small emulator whose clock stands still, and closes it after the test. */
export async function withEmulator(
  knobs: Readonly<Record<string, unknown>>,
  test: (pbx: Pbx) => Promise<void>,
  scale = 0.02,
): Promise<void> {
  const emulator = await startFreepbxEmulator({ scale, now: NOW, knobs })
  try {
    await test(new Pbx(emulator))
  } finally {
    await emulator.close()
  }
}

/** An emulator, and requests to it as the documentation spells them. */
export class Pbx {
  constructor(readonly emulator: FreepbxEmulator) {}

  get url(): string {
    return `${this.emulator.url}/admin/api/api`
  }

  client(account: FreepbxAccountName = 'machine'): Record<string, string> {
    const { clientId, clientSecret } = this.emulator.accounts[account].auth as Record<string, string>
    return { client_id: clientId!, client_secret: clientSecret! }
  }

  user(): Record<string, string> {
    const { username, password } = this.emulator.accounts.native.auth as Record<string, string>
    return { username: username!, password: password! }
  }

  token(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> {
    return send(`${this.url}/token`, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  async login(scope = 'gql rest'): Promise<string> {
    const { body } = await this.token({ grant_type: 'client_credentials', ...this.client(), scope })
    return body.access_token as string
  }

  ask(token: string | null, query: string, variables?: object): Promise<Reply> {
    return this.post(token, JSON.stringify({ query, variables }))
  }

  post(token: string | null, body: string): Promise<Reply> {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    return send(`${this.url}/gql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body,
    })
  }

  rest(token: string, path: string): Promise<Reply> {
    return send(`${this.url}/rest${path}`, { headers: { authorization: `Bearer ${token}` } })
  }
}

export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = /^[[{"]|^(false|true|null)$/.test(text)
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text }
}
