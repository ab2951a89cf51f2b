import type { Provider } from './provider.js'
import { bulutfon } from './bulutfon/index.js'
import { ipex } from './ipex/index.js'
import { postacell } from './postacell/index.js'
import { railsApiV1 } from './rails-api-v1/index.js'

/** Every provider this server knows; a new one is its folder and one word here. */
export const providers: readonly Provider[] = [bulutfon, ipex, postacell, railsApiV1]
