import type { Rest } from '../../../http/rest.js'
import { pathSegment } from '../../../http/path-segment.js'
import type { Extension } from '../../../model/extension.js'
import { flag, list, received, text, word, type Received } from '../../../model/values/wire-value.js'
import type { AccountFacts, Page } from '../../provider.js'
import { FRESHNESS } from '../freshness.js'
import { readRows, wrongShape } from '../list-response.js'
import { toExtension } from '../map/extension.js'
import { publicNumber } from '../map/phone.js'
import type { WireExtension, WireExtensionBody } from '../wire.js'

/** Extensions as they are at this moment: nothing that was read before is used. */
export class ExtensionReads {
  readonly #rest: Rest
  readonly #url: string
  readonly #account: AccountFacts

  constructor(rest: Rest, url: string, account: AccountFacts) {
    this.#rest = rest
    this.#url = url
    this.#account = account
  }

  async list(): Promise<Page<Extension>> {
    const reply = await this.#rest.get(`${this.#url}/extensions`, {}, { freshness: FRESHNESS.extensions, fresh: true })
    return readRows(reply, 'extensions', this.#account, toExtension)
  }

  /** Whether an extension is as it was to be, in all that was sent; false where it is gone. */
  async isAsSent(id: string, sent: WireExtensionBody): Promise<boolean> {
    const segment = pathSegment(id)
    if (segment === null) throw wrongShape('id')
    const options = { freshness: FRESHNESS.extension, keys: 1, fresh: true }
    const reply = await this.#rest.find(`${this.#url}/extensions/${segment}`, {}, options)
    const found = received<WireExtension>(received<{ extension: unknown }>(reply?.body)?.extension)
    return found !== null && isAsSent(found, sent, this.#account)
  }
}

/** Numbers may be spelled otherwise than they were sent, and e-mail addresses in another case. */
function isAsSent(found: Received<WireExtension>, sent: WireExtensionBody, { country }: AccountFacts): boolean {
  const sameNumber = (one: unknown, other: string) => {
    const number = text(one)
    return number !== null && (number === other || publicNumber(number, country) === publicNumber(other, country))
  }
  const isRedirected = () => {
    const { redirection_type: type, destination_type: to, destination_number: number, external_number: outside } = sent
    if (word(found.redirection_type) !== type) return false
    if (to === undefined) return true
    const isSameType = word(found.destination_type)?.replace(/[^A-Z]/g, '') === to
    if (!isSameType) return false
    return outside === undefined
      ? text(found.destination_number) === number
      : sameNumber(found.external_number, outside)
  }
  return [
    sent.full_name === undefined || text(found.caller_name) === sent.full_name.trim(),
    sent.email === undefined || word(found.email) === sent.email.toUpperCase(),
    sent.number === undefined || text(found.number) === sent.number,
    sent.did === undefined || sameNumber(found.did, sent.did),
    sent.voicemail === undefined || flag(found.voice_mail) === sent.voicemail,
    sent.redirection_type === undefined || isRedirected(),
    sent.acl === undefined || areSame(list(found.acl), sent.acl),
  ].every(Boolean)
}

function areSame(found: readonly unknown[] | null, sent: readonly string[]): boolean {
  const [here, there] = [new Set(found?.map(text)), new Set(sent)]
  return found !== null && here.size === there.size && [...there].every((one) => here.has(one))
}
