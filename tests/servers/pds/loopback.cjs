// Preloaded before the PDS, which binds every interface unless told otherwise: all listening happens on 127.0.0.1.
'use strict'
const net = require('net')

const LOOPBACK = '127.0.0.1'
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function onLoopback(first, ...rest) {
  const isPort = typeof first === 'number' || /^\d+$/.test(String(first ?? ''))
  if (isPort) {
    const tail = typeof rest[0] === 'string' ? rest.slice(1) : rest
    return listen.call(this, Number(first), LOOPBACK, ...tail)
  }
  if (first && typeof first === 'object' && first.port !== undefined) {
    return listen.call(this, { ...first, host: LOOPBACK }, ...rest)
  }
  return listen.call(this, first, ...rest)
}
