package org.example;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class TillTest {
    @Test
    public void sums() {
        assertEquals(3, new Till().sum(1, 2));
    }
}
