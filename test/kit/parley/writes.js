// @ts-check
import {
  invalid,
  list,
  nothingSaid,
  notFound,
  numberMistakes,
  pathSegment,
  targetIn,
  targetMistakes,
  text,
  TRANSFER_TARGETS,
} from 'dialgraph/provider'

import { wireOf } from './map.js'

/** Parley places calls of phones alone. */
const SOURCES = /** @type {const} */ ({ Extension: 'fromExtensionId' })

/**
 * Each write is one request, with what was said and nothing else.
 *
 * @param {import('dialgraph/provider').Rest} rest @param {string} api
 * @returns {import('dialgraph/provider').Writes}
 */
export const parleyWrites = (rest, api) => ({
  said: (answer) => text(wireOf(answer)?.['message']),
  extensions: {
    create: {
      affects: ['extensions'],
      mistakes: ({ number, displayName }) => [
        ...(number == null ? [invalid(['number'], 'Parley needs the number of the phone.')] : []),
        ...(displayName == null ? [invalid(['displayName'], 'Parley needs the name of a person.')] : []),
      ],
      async send({ input: { number, displayName, email } }) {
        await rest.write('POST', `${api}/v1/phones`, { number, person: displayName, mail: email }, ['extensions'])
        return {}
      },
      async look({ input: { number, displayName } }) {
        const { body } = await rest.get(
          `${api}/v1/phones`,
          { number },
          { freshness: { noun: 'extensions', seconds: 0 }, fresh: true },
        )
        const [found] = list(wireOf(body)?.['items']) ?? []
        return text(wireOf(found)?.['person']) === displayName ? {} : null
      },
    },
    update: {
      affects: ['extensions', 'extension'],
      mistakes: ({ displayName, email }) => (displayName === undefined && email === undefined ? [nothingSaid] : []),
      async send({ input: { displayName, email }, extension }) {
        const url = `${api}/v1/phones/${pathSegment(extension.providerResourceId)}`
        await rest.write('PATCH', url, { person: displayName, mail: email }, ['extensions', 'extension'])
        return {}
      },
    },
    delete: {
      affects: ['extensions', 'extension'],
      async send({ extension }) {
        await rest.write('DELETE', `${api}/v1/phones/${pathSegment(extension.providerResourceId)}`, undefined, [
          'extensions',
        ])
        return {}
      },
    },
  },
  calls: {
    originate: {
      affects: [],
      mistakes: (input) => [...targetMistakes(input, SOURCES), ...numberMistakes(input.to, ['to'])],
      check: async ({ input, named }) => (targetIn(input, SOURCES, named) ? [] : [notFound(['fromExtensionId'])]),
      async send({ input, named }) {
        const target = targetIn(input, SOURCES, named)
        const phone = target?.kind === 'Extension' ? target.object.number : null
        const { body } = await rest.write('POST', `${api}/v1/calls`, { phone, to: input.to }, [])
        return { callId: text(wireOf(body)?.['call']) }
      },
    },
    transfer: {
      affects: [],
      mistakes: (input) => targetMistakes(input, TRANSFER_TARGETS),
      async send({ input, named, call }) {
        const target = targetIn(input, TRANSFER_TARGETS, named)
        const to =
          target?.kind === 'ExternalNumber' ? target.number : target?.kind === 'Extension' ? target.object.number : null
        await rest.write('POST', `${api}/v1/calls/${pathSegment(call.callId)}/move`, { to }, [])
        return {}
      },
    },
    hangUp: {
      affects: [],
      async send({ call }) {
        await rest.write('DELETE', `${api}/v1/calls/${pathSegment(call.callId)}`, undefined, [])
        return {}
      },
    },
  },
})
