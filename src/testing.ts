/**
 * `dialgraph/testing`: what an emulator is made of, a provider joined to its emulator without a server
 * around, and the suite that says how good a provider is. Its functions are called from any runner:
 * node:test, jest, vitest.
 */

import 'reflect-metadata'

// An emulated API: over real sockets, with a journal of its requests, faults, and a clock of its own.
export {
  bodyFields,
  json,
  serve,
  type EmulatedRequest,
  type EmulatedResponse,
  type EmulatedServer,
  type Route,
  type ServeSettings,
} from './emulator/serve.js'
export type {
  EmulatedAccount,
  Emulator,
  EmulatorClock,
  EmulatorFactory,
  EmulatorOptions,
  Fault,
  Faults,
  FaultyRequest,
  Journal,
  JournalEntry,
  SandboxAccounts,
} from './emulator/emulator.js'
export { byteRange } from './emulator/byte-range.js'
export { readKnobs } from './emulator/knobs.js'
export { markedBytes, SECRET_MARK } from './emulator/marked-bytes.js'
export { silentOgg, type OggFile } from './emulator/ogg.js'
export { createRandom, type Random } from './emulator/random.js'

// OAuth endpoints: the tokens of an authorization server, and the page on which a person agrees.
export { createAuthorizationCodes, type AuthorizationCodes } from './emulator/authorization-codes.js'
export { authorizeRoutes, type AuthorizeSettings, type RegisteredClient } from './emulator/authorize-endpoint.js'
export {
  createTokenBook,
  type IssuedToken,
  type Rotation,
  type TokenBook,
  type TokenBookSettings,
} from './emulator/token-book.js'

// Calls under way, and what is posted of them; a call log as it changes later.
export type { CallChange, CallHistory, FurtherRow, KeptCall } from './emulator/history/history.js'
export { createAgenda, type Agenda } from './emulator/live/agenda.js'
export { createLiveOffice, type EmulatedOffice, type LiveOfficeOptions } from './emulator/live/live-office.js'
export type { Delivery, LiveCall, LiveMoment, LiveOffice, NewLiveCall, Pace, Webhook } from './emulator/live/live.js'
export { createWebhookSender, type Message, type WebhookSender } from './emulator/live/webhook-sender.js'

// The story: a company with its people, numbers, groups and three months of calls.
export { createStory, type StoryOptions } from './emulator/create-story.js'
export type {
  Office,
  OfficeName,
  Story,
  StoryCall,
  StoryContactList,
  StoryDid,
  StoryExtension,
  StoryGroup,
  StoryMenu,
  StoryPerson,
  StoryRing,
  StoryStep,
  StoryTarget,
} from './emulator/story.js'

// A provider and its emulator, joined.
export { createWorld, newOperation, type World, type WorldClock, type WorldOptions } from './testing/world.js'

// The suite of conformance.
export {
  checkProvider,
  conformance,
  type ConformanceOptions,
  type ConformanceTest,
  type Scorecard,
  type ScorecardRow,
} from './testing/conformance/conformance.js'
export type { PromiseOutcome } from './testing/conformance/outcome.js'
export type {
  BookedContents,
  BookedObject,
  ConformanceFacts,
  NamedIds,
  WriteName,
} from './emulator/conformance-facts.js'
