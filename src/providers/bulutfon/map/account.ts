import { AccountStatus, CustomerType, type AccountProfile } from '../../../model/account.js'
import { count, decimal, received, text, word } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { WireMe } from '../wire.js'
import { publicNumber } from './phone.js'

/** The API names no currency; accounts are billed in Turkish lira. */
export const CURRENCY = 'TRY'

export const ACCOUNT_STATUS: Readonly<Record<string, AccountStatus>> = {
  CONFIRMED: AccountStatus.ACTIVE,
  DRAFT: AccountStatus.PENDING,
  SUSPENDED: AccountStatus.INBOUND_SUSPENDED,
  PRETERMINATED: AccountStatus.SUSPENDED,
  TERMINATED: AccountStatus.TERMINATED,
  CANCEL: AccountStatus.TERMINATED,
  RECANTED: AccountStatus.TERMINATED,
}

/** `INVIDUAL` is the API's spelling. */
export const CUSTOMER_TYPE: Readonly<Record<string, CustomerType>> = {
  INVIDUAL: CustomerType.INDIVIDUAL,
  INDIVIDUAL: CustomerType.INDIVIDUAL,
  CORPORATE: CustomerType.COMPANY,
  COMPANY: CustomerType.COMPANY,
  CUSTOMER: CustomerType.COMPANY,
}

/** Maps `/me`; null when it holds neither a user nor a PBX. */
export function toProfile(account: AccountFacts, body: unknown): AccountProfile | null {
  const me = received<WireMe>(body)
  if (!me || (!received(me.user) && !received(me.pbx))) return null
  const user = received<WireMe['user']>(me.user) ?? {}
  const pbx = received<WireMe['pbx']>(me.pbx) ?? {}
  const credit = received<WireMe['credit']>(me.credit) ?? {}
  const nativeStatus = text(pbx.state)
  const customer = word(pbx.customer_type)
  const balance = decimal(credit.balance)
  return {
    name: text(pbx.name),
    host: text(pbx.url),
    contactName: text(user.name),
    email: text(user.email),
    phone: publicNumber(text(user.gsm), account.country),
    role: null,
    status: ACCOUNT_STATUS[word(pbx.state) ?? ''] ?? AccountStatus.UNKNOWN,
    nativeStatus,
    plan: text(pbx.package),
    customerType: customer === null ? null : (CUSTOMER_TYPE[customer] ?? CustomerType.UNKNOWN),
    balance: balance === null ? null : { amount: balance, currencyCode: CURRENCY },
    messageCredits: count(credit.sms_credit) ?? count(credit.sms_credits),
    createdAt: null,
    updatedAt: null,
  }
}
