import type { AuthFlow } from './generated/graphql.js'

/** What a login may need; the names are those of `CredentialsInput`. An e-mail address is typed as the user name. */
export type Credential = 'username' | 'password' | 'token' | 'clientId' | 'clientSecret'

/** What is typed to link an account. */
export type Typed = Readonly<Record<Credential | 'label' | 'key' | 'impersonate' | 'urls', string>>

/** Nothing is typed yet. */
export const NOTHING_TYPED: Typed = {
  ...{ label: '', key: '', username: '', password: '', token: '' },
  ...{ clientId: '', clientSecret: '', impersonate: '', urls: '' },
}

/** What each kind of login is made with. */
export const CREDENTIALS: Readonly<Record<AuthFlow, readonly Credential[]>> = {
  OAUTH2_AUTHORIZATION_CODE: ['clientId', 'clientSecret'],
  OAUTH2_PASSWORD: ['username', 'password', 'clientId', 'clientSecret'],
  OAUTH2_CLIENT_CREDENTIALS: ['clientId', 'clientSecret'],
  JWT_LOGIN: ['username', 'password'],
  PASSWORD_PER_CALL: ['username', 'password'],
  STATIC_TOKEN: ['token'],
  TOKEN_EXCHANGE: ['username', 'password', 'clientId', 'clientSecret'],
}

/** Whether it logs nobody in without it. Some phone systems know the applications that log people in, and give no ids. */
export const isNeeded = (flow: AuthFlow, name: Credential): boolean =>
  !name.startsWith('client') || (flow !== 'OAUTH2_PASSWORD' && flow !== 'TOKEN_EXCHANGE')

/** What nobody should read over a shoulder. */
export const SECRET: ReadonlySet<string> = new Set(['password', 'token', 'clientSecret'])

/** A key as the graph takes it, made of a name. */
export const keyOf = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)

/** The addresses that were typed, by name; null where a line is none. */
export function addressesIn(text: string): Readonly<Record<string, string>> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => line.trim().split(/\s+/))
  return pairs.every(({ length }) => length === 2) ? (Object.fromEntries(pairs) as Record<string, string>) : null
}

/** Those that were filled in. */
export const filledIn = <Name extends keyof Typed>(typed: Typed, names: readonly Name[]) =>
  Object.fromEntries(names.filter((name) => typed[name] !== '').map((name) => [name, typed[name]])) as {
    [Key in Name]?: string
  }

/** What a login is made with, as the graph takes it: two kinds of login are told apart by what people are named with. */
export function credentialsOf(typed: Typed, flow: AuthFlow) {
  const { username, ...rest } = filledIn(typed, CREDENTIALS[flow])
  if (username === undefined) return rest
  return { [flow === 'JWT_LOGIN' && username.includes('@') ? 'email' : 'username']: username, ...rest }
}

/** The field that the server's name of what is wrong means. */
export const fieldOf = (path: readonly string[] | null | undefined): string | undefined => {
  const name = path?.at(-1)
  return name === 'email' ? 'username' : name
}
