// Aligning: what stands in one list beside what stands in another, in the order of both.

// Pairs [one, other], null where one has no partner, with the least cost in all.
function pairUp(left, right, costOf, costOfMissing) {
  const costs = costTable(left, right, costOf, costOfMissing);
  const pairs = [];
  for (let i = left.length, j = right.length; i > 0 || j > 0; ) {
    const paired = i > 0 && j > 0 && costs[i][j] === costs[i - 1][j - 1] + costOf(left[i - 1], right[j - 1]);
    const removed = !paired && i > 0 && costs[i][j] === costs[i - 1][j] + costOfMissing(left[i - 1]);
    if (paired) pairs.unshift([left[--i], right[--j]]);
    else pairs.unshift(removed ? [left[--i], null] : [null, right[--j]]);
  }
  return pairs;
}

// The least cost of making the first i of one list the first j of the other.
function costTable(left, right, costOf, costOfMissing) {
  const costs = [...left, null].map(() => [0]);
  right.forEach((one, j) => (costs[0][j + 1] = costs[0][j] + costOfMissing(one)));
  for (let i = 1; i <= left.length; i++) {
    costs[i][0] = costs[i - 1][0] + costOfMissing(left[i - 1]);
    for (let j = 1; j <= right.length; j++) {
      const paired = costs[i - 1][j - 1] + costOf(left[i - 1], right[j - 1]);
      const removed = costs[i - 1][j] + costOfMissing(left[i - 1]);
      costs[i][j] = Math.min(paired, removed, costs[i][j - 1] + costOfMissing(right[j - 1]));
    }
  }
  return costs;
}
