import { leaveBehind } from './leaves-behind.js'

leaveBehind()
