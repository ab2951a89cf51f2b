import { SECRET_MARK } from '../../../emulator/marked-bytes.js'

export type AccountName = 'login' | 'email' | 'gateway' | 'other'

/** A customer of Postacell, who may log in. Its `id` is the `user_id` of tokens and lists. */
export interface Customer {
  /** The name of its emulated account. */
  readonly account: AccountName
  readonly id: number
  readonly username: string
  readonly email: string
  password: string
  active: boolean
  /** Increases with every change of the password. */
  passwordVersion: number
  /** The separate login of the SMS gateway. */
  readonly gateway: { readonly username: string; readonly password: string } | null
  /** SMS credits left. */
  readonly credits: number
}

export interface Customers {
  byId(id: number): Customer | null
  byAccount(account: AccountName): Customer
  /** The customer with this user name or e-mail, active or not; `email` matches e-mails only. */
  byLogin(login: string, field: 'username' | 'email'): Customer | null
  byGatewayCredential(username: string, password: string): Customer | null
  /** The current passwords of both logins. */
  passwords(): readonly string[]
  delete(account: AccountName): void
  /** Restores the initial state. */
  reset(): void
}

// Characters that a careless encoding of a form, a header or JSON would break.
const password = `Yelken & Rüzgâr = 100% + "${SECRET_MARK}"`

export const seededCustomers: readonly Readonly<Customer>[] = [
  customer('login', 77, 'egeyelken', 'posta@egeyelken.example', password),
  customer('email', 78, 'egeyelken-pazarlama', 'pazarlama@egeyelken.example', `Pazarlama/${SECRET_MARK}?`),
  customer('gateway', 79, 'egeyelken-sms', 'sms@egeyelken.example', `sms:gönder#${SECRET_MARK}`, {
    username: 'EGEYELKEN',
    password: `kredi;${SECRET_MARK}`,
  }),
  // The same password as `login` on purpose: an account identified by its password alone would be
  // served here, too.
  customer('other', 91, 'marmarayelken', 'posta@marmarayelken.example', password),
]

export function createCustomers(): Customers {
  let all = fresh()
  return {
    byId: (id) => all.find((one) => one.id === id) ?? null,
    byAccount(account) {
      const found = all.find((one) => one.account === account)
      if (!found) throw new TypeError(`The postacell emulator has no customer ${account} any more`)
      return found
    },
    byLogin: (login, field) =>
      all.find((one) => one.email === login.toLowerCase() || (field === 'username' && one.username === login)) ?? null,
    byGatewayCredential: (username, password) =>
      all.find(({ gateway }) => gateway?.username === username && gateway.password === password) ?? null,
    passwords: () => all.flatMap(({ password, gateway }) => [password, ...(gateway ? [gateway.password] : [])]),
    delete: (account) => void (all = all.filter((one) => one.account !== account)),
    reset: () => void (all = fresh()),
  }
}

const fresh = (): Customer[] => seededCustomers.map((one) => ({ ...one }))

function customer(
  account: AccountName,
  id: number,
  username: string,
  email: string,
  password: string,
  gateway: Customer['gateway'] = null,
): Customer {
  return {
    account,
    id,
    username,
    email,
    password,
    active: true,
    passwordVersion: 1,
    gateway,
    credits: gateway ? 1520 : 0,
  }
}
