// What is pasted from a spreadsheet into a report finds its cells, and what does not is named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeBlock, readBlock } from '../desk/report.js';

const ROWS = [
  { code: 'PD1', name: 'Cây xanh trồng mới' },
  { code: 'PD2', name: 'Hộ thoát nghèo' },
  { code: 'PD3', name: 'Tỷ lệ hồ sơ đúng hạn' },
];
const placed = (text, start = 0, column = undefined) => {
  const { fills, left, columns } = placeBlock(readBlock(text), ROWS, start, column);
  return columns ? { columns: columns.map(({ at, name }) => `${at} ${name}`) } : { fills: fills.map(({ row, text: typed }) => `${row}=${typed}`), left: left.map((line) => line.join('|')) };
};

test('a block is read as spreadsheets write it', () => {
  for (const [text, block] of [
    ['1\n2', [['1'], ['2']]],
    ['1\r\n2\r\n', [['1'], ['2']]],
    ['a\t1\n\t2', [['a', '1'], ['', '2']]],
    ['"hai\ndòng"\t1', [['hai dòng', '1']]],
    ['"có ""ngoặc"""\t1', [['có "ngoặc"', '1']]],
    ['"chưa đóng\t1', [['"chưa đóng', '1']]],
    ['1\n\n3', [['1'], [''], ['3']]],
    ['1 234\u00a0567', [['1 234 567']]],
    ['', [['']]],
  ]) assert.deepEqual(readBlock(text), block, JSON.stringify(text));
});

test('a column fills the cells downwards from where it is pasted', () => {
  assert.deepEqual(placed('10\n-\n12,5'), { fills: ['0=10', '1=-', '2=12,5'], left: [] });
  assert.deepEqual(placed('10\n11', 1), { fills: ['1=10', '2=11'], left: [] });
});

test('an empty cell keeps its place and takes nothing away', () => {
  assert.deepEqual(placed('10\n\n12'), { fills: ['0=10', '2=12'], left: [] });
});

test('what is longer than the form is named', () => {
  assert.deepEqual(placed('1\n2\n3\n4\n5', 1), { fills: ['1=1', '2=2'], left: ['3', '4', '5'] });
});

test('the head of a column moves nothing down', () => {
  assert.deepEqual(placed('Số liệu\n10\n11\n12'), { fills: ['0=10', '1=11', '2=12'], left: ['Số liệu'] });
});

test('what is no figure is filled in as it is, for the check to say so', () => {
  assert.deepEqual(placed('10\nchưa có\n12'), { fills: ['0=10', '1=chưa có', '2=12'], left: [] });
});

test('codes and names find their rows in any order and from any cell', () => {
  assert.deepEqual(placed('PD3\t95\npd1\t10', 1), { fills: ['2=95', '0=10'], left: [] });
  const table = 'TT\tChỉ tiêu\tĐVT\tThực hiện\n1\tHộ  thoát nghèo\thộ\t7\n2\tCây xanh trồng mới\tcây\t1.200\n3\tChỉ tiêu khác\tcái\t5';
  assert.deepEqual(placed(table), { fills: ['1=7', '0=1.200'], left: ['TT|Chỉ tiêu|ĐVT|Thực hiện', '3|Chỉ tiêu khác|cái|5'] });
  // Some systems write an accent as a letter of its own.
  assert.deepEqual(placed('Hộ thoát nghèo\t7\nPD1. Cây xanh trồng mới\t8'.normalize('NFD')), { fills: ['1=7', '0=8'], left: [] });
});

test('a target that comes twice is filled once', () => {
  assert.deepEqual(placed('PD1\t1\nPD1\t2'), { fills: ['0=1'], left: ['PD1|2'] });
});

test('figures that are codes by chance are figures', () => {
  const rows = [{ code: '1', name: 'A' }, { code: '2', name: 'B' }, { code: '1.1', name: 'C' }, { code: '11', name: 'D' }];
  const { fills } = placeBlock(readBlock('2\tcây\n2\thộ\n7\thộ'), rows, 0);
  assert.deepEqual(fills.map(({ row, text }) => [row, text]), [[0, '2'], [1, '2'], [2, '7']]);
  const matched = placeBlock(readBlock('11\t5\n1.1\t6'), rows, 0);
  assert.deepEqual(matched.fills.map(({ row, text }) => [row, text]), [[3, '5'], [2, '6']]);
});

test('names of other targets fill nothing by their order', () => {
  assert.deepEqual(placed('Việc khác\t1\nViệc nữa\t2'), { fills: [], left: ['Việc khác|1', 'Việc nữa|2'] });
  assert.deepEqual(placed('1\tViệc khác\t5\n2\tViệc nữa\t6').fills, []);
});

test('whoever pastes several columns of figures is asked which', () => {
  const table = 'Chỉ tiêu\tKế hoạch\tThực hiện\nPD1\t100\t20\nPD2\t50\t-';
  assert.deepEqual(placed(table), { columns: ['1 Kế hoạch: 100; 50', '2 Thực hiện: 20; -'] });
  assert.deepEqual(placed(table, 0, 2), { fills: ['0=20', '1=-'], left: ['Chỉ tiêu|Kế hoạch|Thực hiện'] });
  assert.deepEqual(placed('1\t2\n3\t4'), { columns: ['0 1; 3', '1 2; 4'] });
  assert.deepEqual(placed('1\t2\n3\t4', 0, 1), { fills: ['0=2', '1=4'], left: [] });
});

test('a unit or a note beside a figure is no second column', () => {
  assert.deepEqual(placed('10\tcây\n11\thộ'), { fills: ['0=10', '1=11'], left: [] });
  assert.deepEqual(placed('PD1\t10\ttăng mạnh do mưa'), { fills: ['0=10'], left: [] });
});
