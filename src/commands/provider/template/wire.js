// @ts-check
import { always, isInteger, isList, isText, optional } from 'dialgraph/provider'

/**
 * JSON exactly as the API spells it. Nothing of it is checked yet: mappers do that.
 *
 * @typedef {object} WireMe `GET /v1/me`
 * @property {string} company
 * @property {string} email
 *
 * @typedef {object} WireExtension one of `items` of `GET /v1/extensions`
 * @property {number} id
 * @property {string} number as it is dialled, zeros and all
 * @property {string | null} name
 * @property {string | null} email
 * @property {boolean} online
 *
 * @typedef {object} WireExtensions
 * @property {WireExtension[]} items
 * @property {number} total in all pages
 * @property {number | null} next the next page
 */

/** What the documentation says of the fields that are read; whatever differs is told of. */
export const RULES = {
  AccountProfile: { company: always(isText), email: optional(isText) },
  ExtensionPage: { items: always(isList), total: always(isInteger), next: optional(isInteger) },
  Extension: { id: always(isInteger), number: always(isText), name: optional(isText), email: optional(isText) },
}
