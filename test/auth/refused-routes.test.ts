import { expect, test } from '@jest/globals'

import { RefusedRoutes } from '../../src/auth/refused-routes.js'
import { Secret } from '../../src/secret.js'

const get = (path: string) => ({ method: 'GET', url: `https://pbx.example${path}`, headers: {} }) as const
const token = new Secret('one')

test('routes are remembered without the ids in them, and not without end: the oldest is forgotten', () => {
  const routes = new RefusedRoutes(() => 0)
  for (const path of ['/lists/old', '/lists/7/members']) {
    routes.noteLacking(get(path))
    routes.noteDead(get(path), token)
  }
  routes.accepts(get('/lists/accepted'), token)
  const facts = (path: string) => [routes.isLeftAlone(get(path)), routes.isDead(get(path), token)]
  expect(facts('/lists/8/members')).toEqual([true, true])
  for (let at = 0; at < 499; at += 1) {
    routes.noteLacking(get(`/lists/name-${at}`))
    routes.noteDead(get(`/lists/name-${at}`), token)
    routes.accepts(get(`/lists/accepted-${at}`), token)
  }
  expect(facts('/lists/old')).toEqual([false, false])
  expect(facts('/lists/9/members')).toEqual([true, true])
  expect(routes.hasAccepted(get('/lists/accepted'), token)).toBe(true)
  routes.accepts(get('/lists/one-more'), token)
  expect(routes.hasAccepted(get('/lists/accepted'), token)).toBe(false)
})

test('a route that accepts a token is neither lacking nor dead any more, whatever it was', () => {
  const routes = new RefusedRoutes(() => 0)
  routes.noteLacking(get('/lists'))
  routes.noteDead(get('/lists'), token)
  expect(routes.tokensTried(get('/lists'))).toBe(1)
  routes.accepts(get('/lists'), new Secret('two'))
  expect([routes.isLeftAlone(get('/lists')), routes.isDead(get('/lists'), token)]).toEqual([false, false])
  expect([routes.tokensTried(get('/lists')), routes.tokensTried(get('/others'))]).toEqual([4, 2])
})
