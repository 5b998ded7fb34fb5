package org.example;

public class Till {
    public int sum(int one, int other) {
        return one + other;
    }
}
