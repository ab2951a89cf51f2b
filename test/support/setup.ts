import 'reflect-metadata'

import { watchForLeaks } from './leaks.js'
import { putAwayEarlierStorages } from './storages.js'

putAwayEarlierStorages()
watchForLeaks()
