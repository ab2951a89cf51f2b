import type { Provider } from './provider.js'
import { bulutfon } from './bulutfon/index.js'
import { freepbx } from './freepbx/index.js'
import { ipex } from './ipex/index.js'
import { postacell } from './postacell/index.js'
import { railsApiV1 } from './rails-api-v1/index.js'

/** The registered providers: a new one is a folder and a word here. */
export const providers: readonly Provider[] = [bulutfon, ipex, postacell, railsApiV1, freepbx]
