// The server's clock, which may go ahead of the machine's: a test that lets hours pass lets them pass here, too.
// Tokens end, and dates are written, by it. Timers go by the machine's.
'use strict'
const http = require('http')

const Machine = Date
let ahead = 0
const now = () => Machine.now() + ahead

globalThis.Date = new Proxy(Machine, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  apply: () => new Machine(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})

// Node writes the date of an answer by the machine's clock.
const { writeHead } = http.ServerResponse.prototype
http.ServerResponse.prototype.writeHead = function (...given) {
  if (!this.hasHeader('date')) this.setHeader('date', new Date().toUTCString())
  return writeHead.apply(this, given)
}

// It is so late now, in milliseconds since 1970.
exports.set = (millis) => {
  ahead = millis - Machine.now()
}
