import type { AuthFlow } from './generated/graphql.js'

/** What a login may need; the names are those of `CredentialsInput`. */
export type Credential = 'username' | 'email' | 'password' | 'token' | 'clientId' | 'clientSecret'

/** What is typed to link an account. */
export type Typed = Readonly<Record<Credential | 'label' | 'key' | 'impersonate' | 'urls', string>>

/** Nothing is typed yet. */
export const NOTHING_TYPED: Typed = {
  ...{ label: '', key: '', username: '', email: '', password: '', token: '' },
  ...{ clientId: '', clientSecret: '', impersonate: '', urls: '' },
}

/** What each kind of login is made with. */
export const CREDENTIALS: Readonly<Record<AuthFlow, readonly Credential[]>> = {
  OAUTH2_AUTHORIZATION_CODE: ['clientId', 'clientSecret'],
  OAUTH2_PASSWORD: ['username', 'password', 'clientId', 'clientSecret'],
  OAUTH2_CLIENT_CREDENTIALS: ['clientId', 'clientSecret'],
  JWT_LOGIN: ['email', 'password'],
  PASSWORD_PER_CALL: ['username', 'password'],
  STATIC_TOKEN: ['token'],
  TOKEN_EXCHANGE: ['username', 'password', 'clientId', 'clientSecret'],
}

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
