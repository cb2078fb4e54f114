// Another country's installation, written from the exchange protocol alone. It shares no code with ours and keeps its
// keys in a folder. One command a call: JSON on standard input, JSON on standard output.
//
//   node partner.mjs keys|request|seal|open
//
// Section numbers are those of the exchange protocol, version 1.
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as jose from 'jose';

const CHUNK = 1048576;
const TAG = 16;
const b64 = (data) => Buffer.from(data).toString('base64url');
const hash = (data) => createHash('sha256').update(data).digest('base64url');
const must = (holds, what) => { if (!holds) throw new Error(`refused: ${what}`); };

// ---- keys (2, 3.1, 3.2) ----
async function fresh(use) {
  const alg = use === 'sig' ? 'ES256' : 'RSA-OAEP-256';
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true, modulusLength: 3072 });
  const bare = await jose.exportJWK(publicKey);
  const kid = await jose.calculateJwkThumbprint(bare);
  return { kid, alg, public: { ...bare, kid, use, alg }, private: await jose.exportJWK(privateKey) };
}

async function makeKeys({ folder, iss, now }) {
  const state = { iss, anchor: await fresh('sig'), signing: await fresh('sig'), opening: await fresh('enc') };
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state), { mode: 0o600 });
  const exp = now + 180 * 86400;
  const listed = [state.signing, state.opening].map((key) => ({ ...key.public, nbf: now, exp, status: 'active' }));
  const claims = { ver: 1, iss, iat: now, exp, seq: 1, versions: [1], anchor: state.anchor.public, keys: listed };
  return { statement: await sign('bidx-keys+jwt', claims, state.anchor), anchor: state.anchor.public,
    signing: state.signing.public, opening: state.opening.public };
}

const stateOf = (folder) => JSON.parse(readFileSync(join(folder, 'state.json')));

// ---- tokens (2.1, 4) ----
async function sign(typ, claims, key) {
  const header = { alg: 'ES256', kid: key.kid, typ };
  const signer = new jose.CompactSign(Buffer.from(JSON.stringify(claims))).setProtectedHeader(header);
  return signer.sign(await jose.importJWK(key.private, 'ES256'));
}

async function verify(token, typ, jwk) {
  const key = await jose.importJWK({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, 'ES256');
  const { payload, protectedHeader } = await jose.compactVerify(token, key, { algorithms: ['ES256'] });
  must(Object.keys(protectedHeader).sort().join() === 'alg,kid,typ', 'header');
  must(protectedHeader.typ === typ && protectedHeader.kid === jwk.kid, 'typ or kid');
  const claims = JSON.parse(Buffer.from(payload).toString('utf8'));
  must(claims.ver === 1, 'ver');
  return claims;
}

async function makeRequest({ folder, aud, method, target, body, now }) {
  const { iss, signing } = stateOf(folder);
  const claims = { ver: 1, iss, aud, iat: now, exp: now + 60, jti: randomUUID(), htm: method, htp: target, bdh: hash(body) };
  return { token: await sign('bidx-req+jwt', claims, signing) };
}

// ---- parts (5.3) ----
const nonce = (i, last) => Buffer.concat([Buffer.alloc(7), Buffer.from([i >>> 24, i >>> 16, i >>> 8, i]), Buffer.from([last ? 1 : 0])]);
const bound = (pkg, n) => Buffer.from(`bidx1|${pkg}|${n}`, 'ascii');

function sealPart(plain, key, pkg, n) {
  const count = Math.max(1, Math.ceil(plain.length / CHUNK));
  return Buffer.concat(Array.from({ length: count }, (_, i) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(i, i === count - 1)).setAAD(bound(pkg, n));
    return Buffer.concat([cipher.update(plain.subarray(i * CHUNK, (i + 1) * CHUNK)), cipher.final(), cipher.getAuthTag()]);
  }));
}

function openPart(sealed, key, pkg, n) {
  const count = Math.max(1, Math.ceil(sealed.length / (CHUNK + TAG)));
  return Buffer.concat(Array.from({ length: count }, (_, i) => {
    const chunk = sealed.subarray(i * (CHUNK + TAG), (i + 1) * (CHUNK + TAG));
    const cipher = createDecipheriv('aes-256-gcm', key, nonce(i, i === count - 1)).setAAD(bound(pkg, n));
    cipher.setAuthTag(chunk.subarray(chunk.length - TAG));
    return Buffer.concat([cipher.update(chunk.subarray(0, chunk.length - TAG)), cipher.final()]);
  }));
}

// ---- file form (5.4): stored entries, nothing else ----
function writeZip(entries) {
  const parts = [], list = [];
  let offset = 0;
  for (const [name, data] of entries) {
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(33, 8);
    fixed.writeUInt32LE(crc32(data), 10);
    fixed.writeUInt32LE(data.length, 14);
    fixed.writeUInt32LE(data.length, 18);
    fixed.writeUInt16LE(name.length, 22);
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fixed, Buffer.from(name)]);
    const listed = Buffer.alloc(14);
    listed.writeUInt32LE((0o100600 << 16) >>> 0, 6);
    listed.writeUInt32LE(offset, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fixed, listed, Buffer.from(name)]));
    parts.push(head, data);
    offset += head.length + data.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(list.length, 4);
  end.writeUInt16LE(list.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

function readZip(data) {
  const end = data.length - 22;
  must(data.toString('latin1', end, end + 4) === 'PK\x05\x06', 'end');
  const found = {};
  let at = data.readUInt32LE(end + 16);
  for (let left = data.readUInt16LE(end + 10); left > 0; left -= 1) {
    must(data.readUInt16LE(at + 8) === 0 && data.readUInt16LE(at + 10) === 0, 'stored, without flags');
    const [sum, size] = [data.readUInt32LE(at + 16), data.readUInt32LE(at + 24)];
    const length = data.readUInt16LE(at + 28);
    const name = data.toString('ascii', at + 46, at + 46 + length);
    const head = data.readUInt32LE(at + 42);
    const begin = head + 30 + data.readUInt16LE(head + 26) + data.readUInt16LE(head + 28);
    must(!(name in found), 'twice');
    found[name] = data.subarray(begin, begin + size);
    must(crc32(found[name]) === sum, 'sum');
    at += 46 + length + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  must(at === end, 'list');
  return found;
}

// ---- packages (5) ----
async function seal({ folder, aud, sealTo, manifest, parts, numbering, now, out }) {
  const { iss, signing } = stateOf(folder);
  const pkg = randomUUID();
  const keys = parts.map(() => randomBytes(32));
  const plain = parts.map((part) => Buffer.from(part.content, 'base64'));
  const sealed = plain.map((data, i) => sealPart(data, keys[i], pkg, i + 1));
  const inner = parts.map(({ content, ...told }, i) => ({ n: i + 1, ...told, size: plain[i].length, sha256: hash(plain[i]) }));
  const signed = await sign('bidx-manifest+jwt', { ver: 1, iss, aud, iat: now, pkg, ...manifest, parts: inner }, signing);
  const cek = Object.fromEntries(keys.map((key, i) => [String(i + 1), b64(key)]));
  const recipient = await jose.importJWK({ kty: 'RSA', n: sealTo.n, e: sealTo.e }, 'RSA-OAEP-256');
  const box = await new jose.CompactEncrypt(Buffer.from(JSON.stringify({ manifest: signed, cek })))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: sealTo.kid }).encrypt(recipient);
  const delivery = await sign('bidx-delivery+jwt', {
    ver: 1, iss, aud, iat: now, exp: now + 30 * 86400, jti: randomUUID(), pkg, ...numbering, ekid: sealTo.kid,
    keys: { size: box.length, sha256: hash(box) },
    parts: sealed.map((data, i) => ({ n: i + 1, size: data.length, sha256: hash(data) })),
  }, signing);
  writeFileSync(out, writeZip([
    ['bidx.json', Buffer.from('{"format":"bidx-file/1"}')], ['delivery.jwt', Buffer.from(delivery)], ['keys.jwe', Buffer.from(box)],
    ...sealed.map((data, i) => [`parts/${String(i + 1).padStart(4, '0')}`, data]),
  ]));
  return { pkg, delivery: hash(delivery), manifest: hash(signed) };
}

async function open({ folder, file, sender, now }) {
  const { iss, signing, opening } = stateOf(folder);
  const entries = readZip(readFileSync(file));
  must(entries['bidx.json'].toString() === '{"format":"bidx-file/1"}', 'format');
  const delivery = entries['delivery.jwt'].toString('ascii');
  const outer = await verify(delivery, 'bidx-delivery+jwt', sender);
  must(outer.aud === iss && outer.ekid === opening.kid, 'addressee');
  must(outer.keys.sha256 === hash(entries['keys.jwe']) && outer.keys.size === entries['keys.jwe'].length, 'box');
  const key = await jose.importJWK(opening.private, 'RSA-OAEP-256');
  const { plaintext, protectedHeader } = await jose.compactDecrypt(entries['keys.jwe'].toString('ascii'), key,
    { keyManagementAlgorithms: ['RSA-OAEP-256'], contentEncryptionAlgorithms: ['A256GCM'] });
  must(Object.keys(protectedHeader).sort().join() === 'alg,enc,kid', 'box header');
  const box = JSON.parse(Buffer.from(plaintext).toString('utf8'));
  must(Object.keys(box).sort().join() === 'cek,manifest', 'box members');
  const inner = await verify(box.manifest, 'bidx-manifest+jwt', sender);
  for (const claim of ['iss', 'aud', 'pkg']) must(inner[claim] === outer[claim], claim);
  must(inner.parts.length === outer.parts.length, 'parts');
  const parts = inner.parts.map((told, i) => {
    const sealed = entries[`parts/${String(i + 1).padStart(4, '0')}`];
    must(told.n === i + 1 && outer.parts[i].n === i + 1, 'numbers');
    must(sealed.length === outer.parts[i].size && hash(sealed) === outer.parts[i].sha256, 'sealed bytes');
    const plain = openPart(sealed, Buffer.from(box.cek[String(i + 1)], 'base64url'), inner.pkg, i + 1);
    must(plain.length === told.size && hash(plain) === told.sha256, 'plain bytes');
    return plain.toString('base64');
  });
  const receipt = await sign('bidx-receipt+jwt', { ver: 1, iss, aud: outer.iss, iat: now, jti: randomUUID(), sub: outer.jti,
    pkg: outer.pkg, evt: 'admitted', obj: hash(delivery), mobj: hash(box.manifest) }, signing);
  return { manifest: inner, parts, receipt };
}

const commands = { keys: makeKeys, request: makeRequest, seal, open };
const answer = await commands[process.argv[2]](JSON.parse(readFileSync(0, 'utf8')));
process.stdout.write(JSON.stringify(answer));
