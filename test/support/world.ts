export { createWorld, newOperation as operation, type World, type WorldOptions } from '../../src/testing/world.js'
