import 'reflect-metadata'

import { watchForLeaks } from './leaks.js'

watchForLeaks()
