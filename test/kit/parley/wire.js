// @ts-check
import { always, isFlag, isInteger, isList, isOneOf, isText, optional } from 'dialgraph/provider'

/** What the documentation says of the fields that are read. */
export const RULES = {
  AccountProfile: { company: always(isText), mail: optional(isText), since: always(isText), credit: optional(isText) },
  Page: { items: always(isList), total: always(isInteger), next: optional(isInteger) },
  Did: { id: always(isInteger), number: always(isText), state: always(isOneOf(['live', 'ordered', 'gone'])) },
  Extension: { id: always(isInteger), number: always(isText), person: optional(isText), online: always(isFlag) },
  Group: { id: always(isInteger), number: always(isText), title: always(isText), members: always(isList) },
  CallPage: { items: always(isList), more: always(isFlag) },
  CallRecord: {
    id: always(isInteger),
    way: always(isOneOf(['in', 'out', 'inside'])),
    began: always(isText),
    answered: optional(isText),
    over: always(isText),
    result: always(isOneOf(['answered', 'missed', 'busy', 'failed'])),
  },
}
