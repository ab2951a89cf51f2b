import { hash } from 'node:crypto'

import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'

import { credentialSelector } from '../../graphql/credential-fields.js'
import type { EndpointContext } from './endpoint-context.js'

/** A client keeps the answer and asks each time whether it is still good, RFC 9111 §5.2.2.4. */
export const REVALIDATED = 'private, no-cache'

/** The request headers that an answer depends on, besides its encoding. */
export const ANSWER_DEPENDS_ON = ['Authorization', 'Accept'] as const

/**
 * Lets clients keep answers without errors to operations that were asked with GET by their id, and
 * that select no credential: the address names such an answer in few characters, and holds no text
 * that could be anything. All others stay `no-store`.
 */
export function validatorsPlugin<Context extends EndpointContext>(schema: GraphQLSchema): ApolloServerPlugin<Context> {
  const selectsCredential = credentialSelector(schema)
  return {
    async requestDidStart({ request, contextValue: { operation } }) {
      if (request.http?.method !== 'GET' || request.query !== undefined) return
      // An explanation tells of one execution, and is of no use for another.
      if (operation.journal) return
      return {
        async willSendResponse({ document, response: { body, http } }) {
          if (!document || body.kind !== 'single' || body.singleResult.errors || selectsCredential(document)) return
          http.headers.set('cache-control', REVALIDATED)
        },
      }
    },
  }
}

/**
 * A weak entity tag, RFC 9110 §8.8.3: the same for the same text, at every replica and in every
 * encoding.
 */
export const entityTag = (text: string): string => `W/"${hash('sha256', text, 'base64url').slice(0, TAG_LENGTH)}"`

/** 132 bits. */
const TAG_LENGTH = 22

/** Whether `If-None-Match` names the tag; weak comparison, RFC 9110 §13.1.2. */
export function isKnown(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return (ifNoneMatch.match(ENTITY_TAG) ?? []).some((known) => opaque(known) === opaque(tag))
}

const ENTITY_TAG = /(?:W\/)?"[^"]*"/g
const opaque = (tag: string): string => tag.replace(/^W\//, '')
